"""Reads [{text, from, to}] and answers, for each, the occurrences between two days as [start, end], as the product writes them, or an error."""
import datetime
import json
import sys

import icalendar
import recurring_ical_events


def shown(value):
    if isinstance(value, datetime.datetime):
        if value.tzinfo is None:
            return value.strftime('%Y-%m-%dT%H:%M:%S')
        return value.astimezone(datetime.timezone.utc).strftime('%Y-%m-%dT%H:%M:%SZ')
    return value.isoformat()


def occurrences(question):
    calendar = icalendar.Calendar.from_ical(question['text'])
    first = datetime.date.fromisoformat(question['from'])
    last = datetime.date.fromisoformat(question['to'])
    events = recurring_ical_events.of(calendar).between(first, last)
    held = [event for event in events if str(event.get('STATUS', '')).upper() != 'CANCELLED']
    return sorted([shown(event['DTSTART'].dt), shown(event.end)] for event in held)


def answer(question):
    try:
        return {'occurrences': occurrences(question)}
    except Exception as error:  # whatever it refuses is an answer
        return {'error': f'{type(error).__name__}: {error}'}


json.dump([answer(question) for question in json.load(sys.stdin)], sys.stdout)
