import type { Answer, Driver } from './driver.ts';

/** How pagers stop at the end of a page, and what turns it. */
const PAGERS: readonly Answer[] = [
  { when: /^\s{0,4}(?:<?-{2,4} ?)\(?more\)?(?: ?\(?[\w:/% ]{0,40}\)?)? ?-{2,4}>?[^\n]{0,100}$/i, send: ' ' },
  { when: /^---\(more(?: \d{1,3}%)?\)---\s*$/, send: ' ' },
  { when: /^(?:lines \d{1,9}-\d{1,9}(?:\/\d{1,9})? )?\(END\)\s*$/, send: 'q' },
  { when: /^lines \d{1,9}-\d{1,9}(?:\/\d{1,9})?(?: \d{1,3}%)?\s*$/, send: ' ' },
  { when: /^\s{0,4}Press any key to continue \(Q to quit\)\s*$/i, send: ' ' },
  { when: /^Press <SPACE> to continue or <Q> to quit:?\s*$/i, send: ' ' },
];

/** `less` shows a colon and clears the rest of its line, which a colon of the output does not. */
const LESS = ':\x1b[K';
const LONGEST = 200;

/** What turns the page when this last line is a pager's; null when it is none. */
export function turnsPage(driver: Driver, line: string, rawTail: string): string | null {
  if (line === '' || line.length > LONGEST) return null;
  if (line === ':') return rawTail.endsWith(LESS) ? ' ' : null;
  return [...(driver.pagers ?? []), ...PAGERS].find(({ when }) => when.test(line))?.send ?? null;
}
