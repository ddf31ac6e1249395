"""Answers a list of questions, as JSON on standard input, with what Python's own zoneinfo says of zones and TZif files."""
import base64
import io
import json
import sys
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import tzdata

EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


def answer(question):
    if "file" in question:
        zone = ZoneInfo.from_file(io.BytesIO(base64.b64decode(question["file"])))
    else:
        zone = ZoneInfo(question["zone"])
    offsets = []
    abbreviations = []
    for moment in question["moments"]:
        local = (EPOCH + timedelta(seconds=moment)).astimezone(zone)
        offsets.append(round(local.utcoffset().total_seconds()))
        abbreviations.append(local.tzname())
    return {"offsets": offsets, "abbreviations": abbreviations}


json.dump({"version": tzdata.IANA_VERSION, "answers": [answer(question) for question in json.load(sys.stdin)]}, sys.stdout)
