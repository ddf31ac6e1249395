import { createSignal, Match, onCleanup, Switch } from 'solid-js';
import type { Hunk } from '#jobs/diff/diff-lines.ts';
import { whenChanged } from '../solid.ts';
import { createAsker } from '../workers/asker.ts';
import type { DiffRequest } from './diff.worker.ts';
import { HunksView } from './HunksView.tsx';
import { t } from './words.ts';

/** Lines of one text that a page compares. */
const MOST_LINES = 20_000;
/** Characters of one text that a page compares. */
const MOST_CHARACTERS = 8_000_000;

interface TextDiffProps {
  readonly before: string;
  readonly after: string;
  /** What the two texts are called. */
  readonly beforeLabel: string;
  readonly afterLabel: string;
}

const linesIn = (text: string): number => {
  let lines = 1;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines += 1;
  return lines;
};

/** How one text became another, found off the page's own thread; texts of more than 20,000 lines are refused in words. */
export const TextDiff = (props: TextDiffProps) => {
  const [hunks, setHunks] = createSignal<readonly Hunk[]>();
  const [failed, setFailed] = createSignal(false);
  const lines = () => Math.max(linesIn(props.before), linesIn(props.after));
  const isTooLong = () => lines() > MOST_LINES || props.before.length + props.after.length > 2 * MOST_CHARACTERS;
  const asker = createAsker<DiffRequest, readonly Hunk[]>(
    () => new Worker(new URL('./diff.worker.ts', import.meta.url), { type: 'module' }),
  );
  const compare = () => {
    asker.stop();
    setFailed(false);
    setHunks(undefined);
    if (isTooLong()) return;
    if (props.before === props.after) return setHunks([]);
    asker.ask({ before: props.before, after: props.after }).then(
      (found) => {
        setHunks(found);
        asker.stop();
      },
      () => setFailed(true),
    );
  };
  whenChanged(
    () => [props.before, props.after] as const,
    () => compare(),
  );
  onCleanup(asker.stop);
  return (
    <Switch
      fallback={
        <p class="py-4 text-muted" role="status">
          {t('diff.working')}
        </p>
      }
    >
      <Match when={isTooLong()}>
        <p class="py-4">{t('diff.too_long', lines(), MOST_LINES)}</p>
      </Match>
      <Match when={failed()}>
        <p class="flex flex-wrap items-center gap-3 py-4" role="alert">
          {t('diff.failed')}
          <button type="button" class="button" onClick={compare}>
            {t('diff.again')}
          </button>
        </p>
      </Match>
      <Match when={hunks()}>{(found) => <HunksView hunks={found()} before={props.beforeLabel} after={props.afterLabel} />}</Match>
    </Switch>
  );
};
