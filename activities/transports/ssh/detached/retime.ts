import { baseAssignment, type RoundPlace, roundName } from './place.ts';
import { limitOf, type RemoteOrder } from './start.ts';

/** What `/bin/sh -s` reads to give a command under way another time, counted from its start; the wrapper's watch reads it at its next look. */
export const retimeScript = (place: RoundPlace, execution: string, order: Pick<RemoteOrder, 'timeoutMs'>): string => `{
${baseAssignment(place.remoteDir)}c_d="$c_base/${place.run}/${roundName(place)}/${execution}"
echo ${limitOf(order)} >"$c_d/limit.new" && mv -f "$c_d/limit.new" "$c_d/limit" && exit 0
exit 1
}
`;
