import { grouped } from '../../words/counted.ts';
import { speak } from '../../words/speak.ts';

/** The words of lists that are searched by the server. */
export const t = speak({
  'searched.counted': (count: number) => `${grouped(count)} shown`,
  'searched.cut': (count: number) => `The first ${grouped(count)} of more: narrow them by a part of their name.`,
  'searched.none': 'Nothing here has this in it.',
  'searched.clear': 'Clear filter',
  'searched.dropped': (what: string) => `The address says something that is not understood and was left out: ${what}`,
});
