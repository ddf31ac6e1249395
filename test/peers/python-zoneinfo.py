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
        moment = EPOCH + timedelta(seconds=moment)
        local = moment.astimezone(zone)
        offset = local.replace(tzinfo=None) - moment.replace(tzinfo=None)
        offsets.append(round(offset.total_seconds()))
        # Python looks the name up by wall time and fold, which cannot tell the third time that a wall time comes from the second.
        abbreviations.append(local.tzname() if local.utcoffset() == offset else None)
    return {"offsets": offsets, "abbreviations": abbreviations}


json.dump({"version": tzdata.IANA_VERSION, "answers": [answer(question) for question in json.load(sys.stdin)]}, sys.stdout)
