import ICAL from 'ical.js';
import { type IcalComponent, IcalProblem } from './components.ts';

/** A component as the library reads it. Throws IcalProblem where it cannot. */
export function parsed(component: IcalComponent): ICAL.Component {
  try {
    return new ICAL.Component(ICAL.parse(component.lines.map(({ text }) => text).join('\r\n')));
  } catch (error) {
    throw problemIn(lineAtFault(component), error);
  }
}

/** The library does not say which line it cannot read; by itself that line cannot be read either. */
function lineAtFault({ line, lines }: IcalComponent): number {
  const bad = lines.find(({ text }) => !/^(BEGIN|END):/i.test(text) && !isReadable(text));
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
