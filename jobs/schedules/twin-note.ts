import { SCHEDULE_DEFAULTS, type ScheduleDefinition } from './definition.ts';

/** What Temporal's own page shows of a schedule of ours, where all that stands otherwise is moments in UTC. */
export interface NoteFacts {
  readonly name: string;
  readonly version: number;
  readonly definition: ScheduleDefinition;
  readonly source: string;
  /** Why it starts nothing; null: it does. */
  readonly held: string | null;
  /** Where it is read and changed. */
  readonly link: string;
}

/** It is stored again with every change of what the server remembers of the schedule. */
const NOTE_BYTES = 1_900;

/** The note of a schedule: whose it is, its zone and policies, and its text as far as there is room. */
export function twinNote({ name, version, definition, source, held, link }: NoteFacts): string {
  const { timezone, overlap, catchup_window, dst, jitter } = { ...SCHEDULE_DEFAULTS, ...definition };
  const facts = [
    `${markOf(name, version)}; change it there: ${link}`,
    ...(held === null ? [] : [held]),
    `zone ${timezone}, gap ${dst?.gap ?? SCHEDULE_DEFAULTS.gap}, fold ${dst?.fold ?? SCHEDULE_DEFAULTS.fold}, overlap ${overlap}, catch-up ${catchup_window}${
      jitter === undefined ? '' : `, jitter ${jitter}`
    }; the moments here are UTC`,
    '',
    source.trimEnd(),
  ];
  return cut(facts.join('\n'), NOTE_BYTES);
}

/** What a note begins with; tells whether Temporal knows of the version there is. */
export const markOf = (name: string, version: number): string => `schedule ${name} of Capstan, version ${version}`;

function cut(text: string, bytes: number): string {
  const encoded = new TextEncoder().encode(text);
  if (encoded.length <= bytes) return text;
  // Half a character at the end is dropped.
  return `${new TextDecoder('utf-8', { fatal: false }).decode(encoded.subarray(0, bytes)).replace(/\uFFFD+$/, '')}…`;
}
