import ICAL from 'ical.js';
import { type IcalComponent, IcalProblem } from './components.ts';

/** What says when something happens. Of the rest, people and descriptions above all, much is written wrongly that matters to nobody here. */
const READ =
  /^(?:BEGIN|END|UID|SEQUENCE|STATUS|DTSTART|DTEND|DURATION|RRULE|EXRULE|RDATE|EXDATE|RECURRENCE-ID|TZID|TZOFFSETFROM|TZOFFSETTO)[;:]/i;
/** Says nothing: `EXDATE:`. */
const EMPTY = /^[^:"]*:\s*$/;
/** A bare day that is not said to be one: `DTSTART:20270501`. */
const BARE_DAYS = /^((?:DTSTART|DTEND|RDATE|EXDATE|RECURRENCE-ID)(?:;(?!VALUE=)[^:;]*)*):(\d{8}(?:,\d{8})*)\s*$/i;

/** A component as the library reads it. Throws IcalProblem where it cannot. */
export function parsed(component: IcalComponent): ICAL.Component {
  const texts = component.lines.map(({ text }) => text).filter((text) => READ.test(text) && !EMPTY.test(text));
  try {
    return new ICAL.Component(ICAL.parse(texts.map((text) => text.replace(BARE_DAYS, '$1;VALUE=DATE:$2')).join('\r\n')));
  } catch (error) {
    throw problemIn(lineAtFault(component), error);
  }
}

/** The library does not say which line it cannot read; by itself that line cannot be read either. */
function lineAtFault({ line, lines }: IcalComponent): number {
  const bad = lines.find(({ text }) => READ.test(text) && !/^(BEGIN|END):/i.test(text) && !isReadable(text));
  return bad?.line ?? line;
}

function isReadable(text: string): boolean {
  try {
    new ICAL.Component(ICAL.parse(`BEGIN:VEVENT\r\n${text}\r\nEND:VEVENT`));
    return true;
  } catch {
    return false;
  }
}

/** What the library found wrong, with where it was. */
export function problemIn(line: number, error: unknown): IcalProblem {
  if (error instanceof IcalProblem) return error.line === null ? new IcalProblem(line, error.message) : error;
  return new IcalProblem(line, error instanceof Error ? error.message.slice(0, 300) : 'cannot be read');
}
