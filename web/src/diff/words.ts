import { grouped, plural } from '../words/counted.ts';
import { speak } from '../words/speak.ts';

/** The words of differences between texts. */
export const t = speak({
  'diff.split': 'Side by side',
  'diff.unified': 'One below the other',
  'diff.layout': 'Layout of the difference',
  'diff.caption': (before: string, after: string) => `Lines that differ between ${before} and ${after}`,
  'diff.line': 'Line',
  'diff.added': 'added',
  'diff.removed': 'removed',
  'diff.from_line': (line: number) => `Line ${line}`,
  'diff.same': 'The texts are the same.',
  'diff.working': 'Comparing…',
  'diff.failed': 'The comparison stopped. Try again or compare shorter texts.',
  'diff.again': 'Compare again',
  'diff.too_long': (lines: number, most: number) =>
    `${plural(lines, 'line', 'lines')} are more than a page compares; at most ${plural(most, 'line', 'lines')}.`,
  'diff.counts': (added: number, removed: number) => `${plural(added, 'line', 'lines')} added, ${plural(removed, 'line', 'lines')} removed`,
  'diff.whole_line': (characters: number) => `all ${grouped(characters)} characters`,
  'diff.more': (count: number) => `Show ${plural(count, 'more line', 'more lines')}`,
});
