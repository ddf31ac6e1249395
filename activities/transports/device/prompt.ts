import type { Driver, ModeName } from './driver.ts';

/** A prompt that was recognised. */
export interface Prompt {
  readonly mode: ModeName;
  /** What stays the same from prompt to prompt. */
  readonly host: string;
  /** The last line of it. */
  readonly text: string;
}

/** Longer lines are no prompts, so that no pattern ever sees one. */
const LONGEST_PROMPT = 400;

/** The prompt that the last line is, given the line above it; null when it is none. */
export function promptOf(driver: Driver, line: string, above: string): Prompt | null {
  if (line === '' || line.length > LONGEST_PROMPT || driver.neverPrompt?.test(line)) return null;
  for (const mode of driver.modes) {
    if (mode.aboveRequired && !mode.above?.test(above)) continue;
    const match = mode.prompt.exec(line);
    if (match !== null) return { mode: mode.name, host: match.groups?.host ?? '', text: line };
  }
  return null;
}

/** Whether a line may belong to a prompt that follows it. */
export const standsAbove = (driver: Driver, line: string): boolean =>
  line.trim() === '' || (line.length <= LONGEST_PROMPT && driver.modes.some(({ above }) => above?.test(line)));

/** Whether two prompts are of one device: some cut a long name in configuration, some add the view to it. One that names nothing is like no other. */
export const isSameHost = ({ host: a }: Prompt, { host: b }: Prompt): boolean =>
  a === b || (a !== '' && b !== '' && (a.startsWith(b) || b.startsWith(a)));

/** A prompt without the name of its device, which a command may change. */
export const withoutHost = ({ text, host }: Prompt): string => text.replace(host, () => '');
