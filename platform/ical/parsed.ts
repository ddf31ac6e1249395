import ICAL from 'ical.js';
import { type IcalComponent, IcalProblem } from './components.ts';

/** A component as the library reads it. Throws IcalProblem where it cannot. */
export function parsed(component: IcalComponent): ICAL.Component {
  try {
    return new ICAL.Component(ICAL.parse(component.lines.map(({ text }) => text).join('\r\n')));
  } catch (error) {
    throw problemIn(component.line, error);
  }
}

/** What the library found wrong, with where it was. */
export function problemIn(line: number, error: unknown): IcalProblem {
  if (error instanceof IcalProblem) return error.line === null ? new IcalProblem(line, error.message) : error;
  return new IcalProblem(line, error instanceof Error ? error.message.slice(0, 300) : 'cannot be read');
}
