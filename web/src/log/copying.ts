import { createSignal } from 'solid-js';
import { CopyRefused, putOnClipboard } from '../components/clipboard.ts';
import { toast } from '../components/Toasts.tsx';
import type { LogDesk } from './desk.ts';
import type { Stretch } from './folds.ts';
import { withinLines } from './place.ts';
import { MOST_COPIED, readText, spannedBy } from './selected-text.ts';
import { t } from './words.ts';

interface Copied {
  readonly run: () => string;
  readonly step: () => string;
  readonly desk: Pick<LogDesk, 'filter' | 'isNarrowed' | 'numberOf' | 'source'>;
  readonly chosen: () => Stretch | null;
  readonly box: () => HTMLElement | undefined;
}

/** Copies what is chosen of a log, what is selected across its rows, or all that is shown of it; what was never drawn too, and nothing that is not shown. */
export const createCopying = (asked: Copied) => {
  const { desk, chosen } = asked;
  const { source } = desk;
  const [isBusy, setBusy] = createSignal(false);

  /** Copies what a promise of a text brings, at most so many lines, and says how many that were. */
  const copy = async (text: () => Promise<string>, most: number) => {
    if (most > MOST_COPIED) {
      toast({ says: t('log.too_many', MOST_COPIED), failed: true });
      return;
    }
    setBusy(true);
    try {
      const copied = (await text()).replace(/\n$/, '');
      await putOnClipboard(copied);
      toast({ says: t('log.copied', t('log.lines', copied === '' ? 0 : copied.split('\n').length)) });
    } catch (problem) {
      toast({ says: problem instanceof CopyRefused ? t('log.copy_refused') : (problem as Error).message, failed: true });
    }
    setBusy(false);
  };
  const textWithin = async (lines: Stretch): Promise<string> => {
    const query = withinLines(desk.filter(), lines);
    return query === null ? '' : readText(asked.run(), asked.step(), query);
  };
  const most = ({ from, to }: Stretch) => Math.min(to - from + 1, source.window().total);
  const copyChosen = (lines: Stretch) => copy(() => textWithin(lines), most(lines));
  const copyAll = () => copy(() => readText(asked.run(), asked.step(), desk.filter()), source.window().total);
  const start = () => {
    const lines = chosen();
    return lines ? copyChosen(lines) : copyAll();
  };
  const words = () => {
    const lines = chosen();
    if (lines) return desk.isNarrowed() ? t('log.copy_chosen') : t('log.copy_lines', lines.to - lines.from + 1);
    return t(desk.isNarrowed() ? 'log.copy_matching' : 'log.copy');
  };

  const onCopy = (event: ClipboardEvent) => {
    const box = asked.box();
    const spanned = box && spannedBy(box);
    const lines = chosen();
    if (spanned) {
      const { first, last } = spanned;
      const [from, to] = [desk.numberOf(first.row), desk.numberOf(last.row)];
      if (from === undefined || to === undefined) return;
      event.preventDefault();
      // What lies between was perhaps never drawn.
      const between = async () => (to - from > 1 ? textWithin({ from: from + 1, to: to - 1 }) : '');
      void copy(async () => `${first.text}\n${await between()}${last.text}\n`, most({ from, to }));
    } else if (lines && getSelection()?.isCollapsed !== false) {
      event.preventDefault();
      void copyChosen(lines);
    }
  };

  return { isBusy, start, words, onCopy };
};
