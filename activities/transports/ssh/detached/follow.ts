import { lookLibrary, opening } from './look.ts';
import { baseAssignment, type HostFiles, type RoundPlace, roundName } from './place.ts';
import type { Wanted } from './start.ts';

/** How long one look waits for something new, in seconds, and how long it sleeps between. */
export interface Patience {
  readonly seconds: number;
  readonly nap: number;
}

/** A quiet command is looked at more rarely, since every look costs its host a process; what has just spoken is likely to speak again. */
export function patienceAfter(quietMs: number): Patience {
  if (quietMs < 5000) return { seconds: 10, nap: 0.1 };
  if (quietMs < 60_000) return { seconds: 20, nap: 0.5 };
  return { seconds: 20, nap: 2 };
}

/** What `/bin/sh -s` reads to answer once an execution has more output than `wanted`, or has ended, or after a while. */
export const followScript = (
  place: RoundPlace,
  execution: string,
  mark: string,
  { stdout, stderr, most }: Wanted,
  { seconds, nap }: Patience,
  files: HostFiles,
): string => `{
${opening(mark)}${lookLibrary(files)}${baseAssignment(place.remoteDir)}c_d=$c_base/${place.run}/${roundName(place)}/${execution}
c_now
c_until=$((c_up + ${seconds * 100}))
while c_look; c_sizes; c_now; [ $c_state = running ] && [ "$c_out" -le ${stdout} ] && [ "$c_err" -le ${stderr} ] && [ "$c_up" -lt "$c_until" ]; do
  c_nap ${nap}
done
c_answer ${stdout} ${stderr} ${most}
exit 0
}
`;
