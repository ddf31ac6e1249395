"""Answers a list of questions, as JSON on standard input: which moments a rule means, found by looking at every minute with Python's own zoneinfo."""
import calendar
import json
import sys
from array import array
from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

UTC = timezone.utc
MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
DAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]
DEFER_MINUTES = 31 * 1440


def number(word, names, first):
    word = word.strip().lower()
    if word[:3] in names:
        return names.index(word[:3]) + first
    return int(word)


def members(words, low, high, names=(), first=0):
    """All values that a field holds: the meaning of each value is asked for, not a list of them made."""
    parts = []
    for word in words if isinstance(words, list) else [words]:
        parts += str(word).split(",")
    found = set()
    for part in parts:
        body, _, step = part.partition("/")
        if body == "*":
            start, stop = low, high
        elif "-" in body:
            start, stop = (number(end, names, first) for end in body.split("-"))
        else:
            start = number(body, names, first)
            stop = high if step else start
        for value in range(low, high + 1):
            if start <= value <= stop and (value - start) % int(step or 1) == 0:
                found.add(value)
    return found


def day_words(words):
    """Days of the month, and days counted from its end as negative numbers: -1 is the last."""
    parts = []
    for word in words if isinstance(words, list) else [words]:
        parts += str(word).split(",")
    last = [part for part in parts if part.startswith("last")]
    plain = [part for part in parts if not part.startswith("last")]
    return (members(plain, 1, 31) if plain else set()) | {-1 - int((part[4:] or "-0")[1:]) for part in last}


def rule_of(one):
    """A test of a date, and the minutes of the day."""
    if "cron" in one:
        minute, hour, day, month, weekday = one["cron"].split()
        one = {"minute": minute, "hour": hour, "day": day, "month": month, "weekday": weekday}
    if "every_days" in one:
        begin = date.fromisoformat(one.get("from", "1970-01-01"))
        hour, minute = one.get("at", "00:00").split(":")
        return (lambda day: day >= begin and (day - begin).days % one["every_days"] == 0), {int(hour) * 60 + int(minute)}
    months = members(one.get("month", "*"), 1, 12, MONTHS, 1)
    days = day_words(one.get("day", "*"))
    weekdays = {value % 7 for value in members(one.get("weekday", "*"), 0, 7, DAYS)}
    nth = one.get("nth_weekday")
    nths = [] if nth is None else [part.split() for part in (nth if isinstance(nth, list) else nth.split(","))]

    def agrees(day):
        length = calendar.monthrange(day.year, day.month)[1]
        if day.month not in months or (day.day not in days and day.day - length - 1 not in days):
            return False
        if day.isoweekday() % 7 not in weekdays:
            return False
        if nth is None:
            return True
        for which, name in nths:
            if DAYS.index(name[:3]) != day.isoweekday() % 7:
                continue
            if which == "last":
                if day.day + 7 > length:
                    return True
            elif day.day - 7 * (int(which[0]) - 1) in range(1, 8):
                return True
        return False

    hours = members(one.get("hour", 0), 0, 23)
    minutes = members(one.get("minute", 0), 0, 59)
    return agrees, {hour * 60 + minute for hour in hours for minute in minutes}


class Clocks:
    """What the clocks of a zone show at each minute of a stretch, and which times they leave out meanwhile."""

    def __init__(self, name, begin, end, step):
        zone = ZoneInfo(name)
        self.at = array("q")
        self.day = array("i")
        self.minute = array("h")
        self.copy = bytearray()
        self.places = [array("i") for _ in range(1440)]
        self.left_out = []
        for moment in range(begin + -begin % (60 * step), end, 60 * step):
            wall = datetime.fromtimestamp(moment, zone)
            self.places[wall.hour * 60 + wall.minute].append(len(self.at))
            self.at.append(moment)
            self.day.append(wall.toordinal())
            self.minute.append(wall.hour * 60 + wall.minute)
            other = wall.replace(fold=1 - wall.fold)
            twice = other.utcoffset() != wall.utcoffset() and other.astimezone(UTC).astimezone(zone).replace(tzinfo=None) == wall.replace(tzinfo=None)
            self.copy.append(0 if not twice else 2 if wall.fold else 1)
        # Times on the wall, whatever the clocks do; those that no moment shows are told by the clocks as they were before they jumped.
        low = datetime.fromtimestamp(begin, UTC).replace(tzinfo=None, hour=0, minute=0, second=0) - timedelta(days=2)
        high = datetime.fromtimestamp(end, UTC).replace(tzinfo=None) + timedelta(days=2)
        while low < high:
            day = low + timedelta(days=1)
            offsets = {hour.replace(tzinfo=zone).utcoffset() for hour in (low - timedelta(days=1), low, day, day + timedelta(days=1))}
            while low < day and len(offsets) > 1:
                local = low.replace(tzinfo=zone)
                moment = local.astimezone(UTC)
                if moment.astimezone(zone).replace(tzinfo=None) != low and begin <= moment.timestamp() < end:
                    self.left_out.append((int(moment.timestamp()), low))
                low += timedelta(minutes=step)
            low = day


def wanted(question, clocks):
    rules = [rule_of(one) for one in question["rules"]]
    known = {}
    places = (place for minute in {minute for _, minutes in rules for minute in minutes} for place in clocks.places[minute])

    def holds(ordinal, minute):
        if ordinal not in known:
            day = date.fromordinal(ordinal)
            known[ordinal] = {minute for agrees, minutes in rules if agrees(day) for minute in minutes}
        return minute in known[ordinal]

    found = {}
    gap, fold = question["gap"], question["fold"]
    for place in places:
        at, ordinal, minute, copy = clocks.at[place], clocks.day[place], clocks.minute[place], clocks.copy[place]
        if not holds(ordinal, minute):
            continue
        if copy == 1 and fold != "second":
            found[at] = (wall_text(ordinal, minute), ["fold-first"], None)
        elif copy == 2 and fold != "first":
            found[at] = (wall_text(ordinal, minute), ["fold-second"], None)
        elif copy == 0:
            found[at] = (wall_text(ordinal, minute), [], None)
    for at, wall in clocks.left_out:
        if holds(wall.toordinal(), wall.hour * 60 + wall.minute) and at not in found:
            text = wall_text(wall.toordinal(), wall.hour * 60 + wall.minute)
            found[at] = (text, ["shifted"], None) if gap == "shift" else (text, ["gap-skipped"], "dst")
    begin, end = question.get("start_at"), question.get("end_at")
    return {at: one for at, one in found.items() if (begin is None or at >= begin) and (end is None or at < end)}


def wall_text(ordinal, minute):
    return f"{date.fromordinal(ordinal).isoformat()}T{minute // 60:02}:{minute % 60:02}"


def judged(question, found):
    """What calendars leave of it; a deferred start is looked for minute by minute."""
    calendars = question.get("calendars", [])

    def inside(calendar, at):
        return any(begin <= at < end for begin, end in calendar["spans"])

    def is_open(at):
        return all(inside(one, at) == (one["use"] == "only") for one in calendars)

    end = question.get("end_at")
    after = {}
    late = []
    for at in sorted(found):
        wall, marks, reason = found[at]
        if reason is None and any(one["use"] == "block" and inside(one, at) for one in calendars):
            after[at] = (wall, marks + ["blackout"], "blackout")
        elif reason is None and any(one["use"] == "only" and not inside(one, at) for one in calendars):
            after[at] = (wall, marks + ["window"], "window")
        elif reason is None and any(one["use"] == "defer" and inside(one, at) for one in calendars):
            then = next((at + 60 * later for later in range(DEFER_MINUTES + 1) if is_open(at + 60 * later)), None)
            if then is None or (end is not None and then >= end):
                after[at] = (wall, marks + ["blackout"], "blackout")
            else:
                late.append((then, (wall, marks + ["deferred"], None)))
        else:
            after[at] = (wall, marks, reason)
    for at, one in late:
        if at not in after or after[at][2] is not None:
            after[at] = one
    return after


def answers(questions):
    known = {}
    for question in questions:
        key = (question["zone"], question["begin"], question["until"], question["step"])
        if key not in known:
            known.clear()
            known[key] = Clocks(*key)
        after = judged(question, wanted(question, known[key]))
        inside = [at for at in sorted(after) if question["from"] <= at < question["to"]]
        if question.get("brief"):
            yield [at for at in inside if after[at][2] is None]
        else:
            yield [[at, *after[at]] for at in inside]


json.dump(list(answers(json.load(sys.stdin))), sys.stdout)
