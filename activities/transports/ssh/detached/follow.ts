import { lookLibrary, opening } from './look.ts';
import { baseAssignment, type HostFiles, type RoundPlace, roundName } from './place.ts';
import type { Wanted } from './start.ts';

/** How long one look may wait for something new, and how long nothing came before it. */
export interface Patience {
  readonly seconds: number;
  readonly quietMs: number;
}

/**
 * What `/bin/sh -s` reads to answer once an execution has more output than `wanted`, or has ended, or after a while.
 * It sleeps a tenth of the time that all was quiet, 0.1 to 3 s: every look costs the host a process, a thousand may wait there,
 * and what has just spoken is likely to speak again.
 */
export const followScript = (
  place: RoundPlace,
  execution: string,
  mark: string,
  { stdout, stderr, most }: Wanted,
  { seconds, quietMs }: Patience,
  files: HostFiles,
): string => `{
${opening(mark)}${lookLibrary(files)}${baseAssignment(place.remoteDir)}c_d=$c_base/${place.run}/${roundName(place)}/${execution}
c_now
c_until=$((c_up + ${seconds * 100})) c_quiet=$((c_up - ${Math.round(quietMs / 10)}))
while c_look; c_sizes; c_now; [ $c_state = running ] && [ "$c_out" -le ${stdout} ] && [ "$c_err" -le ${stderr} ] && [ "$c_up" -lt "$c_until" ]; do
  c_rest=$(((c_up - c_quiet) / 10))
  [ "$c_rest" -ge 10 ] || c_rest=10
  [ "$c_rest" -le 300 ] || c_rest=300
  c_part=$((c_rest % 100))
  [ "$c_part" -ge 10 ] || c_part=0$c_part
  c_nap "$((c_rest / 100)).$c_part"
done
c_answer ${stdout} ${stderr} ${most}
exit 0
}
`;
