import { baseAssignment, type RoundPlace, roundName } from './place.ts';

/** What `/bin/sh -s` reads to remember that an execution's failing end was seen, so that the next attempt begins a new one. */
export const markSeenScript = (place: RoundPlace, execution: string): string => `{
${baseAssignment(place.remoteDir)}{ :; } >"$c_base/${place.run}/${roundName(place)}/${execution}/seen" && exit 0
exit 1
}
`;

/** What `/bin/sh -s` reads to remove the output of executions whose logs are stored; their codes stay. */
export const cleanScript = (places: readonly { readonly place: RoundPlace; readonly execution: string }[]): string => `{
${places
  .map(({ place, execution }) => {
    const directory = `"$c_base/${place.run}/${roundName(place)}/${execution}`;
    return `${baseAssignment(place.remoteDir)}set -- "$@" ${directory}/out" ${directory}/err"\n`;
  })
  .join('')}rm -f -- "$@"
exit 0
}
`;
