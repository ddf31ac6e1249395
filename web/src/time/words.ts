import { plural } from '../words/counted.ts';
import { speak } from '../words/speak.ts';

/** The words of choosing a time zone. */
export const t = speak({
  'zone.choices': 'Time zones',
  'zone.none': 'No time zone has this in its name.',
  'zone.more': (more: number) => `${plural(more, 'more zone', 'more zones')}: type to narrow down`,
  'zone.found': (count: number) => plural(count, 'time zone', 'time zones'),
  'zone.yours': 'yours',
  'zone.alias': (name: string) => `same as ${name}`,
  'zone.unknown': 'Time zones could not be loaded; write the name as IANA has it.',
});
