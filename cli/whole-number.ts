import { CommandFailed, EXIT } from './exit-codes.ts';

/** The number that an option is given; anything else is used wrongly, and never left out in silence. */
export function wholeNumber(option: string, text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new CommandFailed(EXIT.usage, `${option} ${text}: expected a whole number from 1`);
}
