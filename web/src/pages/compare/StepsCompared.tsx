import ChevronRight from 'lucide-solid/icons/chevron-right';
import { createMemo, createSignal, For, Show } from 'solid-js';
import type { EqualStep, StepComparison, StepSide } from '#jobs/compare.ts';
import { formatDuration } from '#jobs/duration.ts';
import { StatusBadge } from '../../components/StatusBadge.tsx';
import { deltaText } from './delta.ts';
import { StepDifference } from './StepDifference.tsx';
import type { ComparisonView } from './views.ts';
import { t } from './words.ts';

/** Rows at first, and how many each wish for more adds. */
const FIRST = 100;
const MORE = 500;

type Line = { readonly id: string; readonly different: StepComparison | null; readonly equal: EqualStep | null };

const linesOf = ({ steps, equal_steps }: ComparisonView, all: boolean): readonly Line[] => [
  ...steps.map((different): Line => ({ id: different.id, different, equal: null })),
  ...(all ? equal_steps.map((equal): Line => ({ id: equal.id, different: null, equal })) : []),
];

/** Steps of both runs aligned by their keys: how each ended, how long it took, and behind it what differs. */
export const StepsCompared = (props: { found: ComparisonView; all: boolean }) => {
  const [shown, setShown] = createSignal(FIRST);
  const [opened, setOpened] = createSignal<ReadonlySet<string>>(new Set<string>());
  const turn = (id: string) => {
    const next = new Set(opened());
    if (!next.delete(id)) next.add(id);
    setOpened(next);
  };
  const lines = createMemo(() => linesOf(props.found, props.all));
  return (
    <Show when={lines().length > 0} fallback={<p class="text-muted">{t('compare.steps_same')}</p>}>
      <div class="relative overflow-x-auto">
        <div role="table" aria-label={t('compare.steps')} aria-rowcount={lines().length + 1} class="min-w-160 text-table">
          <div role="row" class={`${GRID} border-b border-hairline bg-bg1 text-meta text-muted`}>
            <span role="columnheader">{t('compare.step')}</span>
            <span role="columnheader">{t('compare.first')}</span>
            <span role="columnheader">{t('compare.second')}</span>
            <span role="columnheader" class="text-right">
              {t('compare.delta')}
            </span>
          </div>
          <For each={lines().slice(0, shown())}>
            {(line) => <StepLine line={line} isOpen={opened().has(line.id)} turn={() => turn(line.id)} />}
          </For>
        </div>
      </div>
      <Show when={lines().length > shown()}>
        <button type="button" class="button mt-3" onClick={() => setShown(shown() + MORE)}>
          {t('compare.more', Math.min(MORE, lines().length - shown()))}
        </button>
      </Show>
    </Show>
  );
};

const GRID = 'grid min-h-8 grid-cols-[minmax(160px,2fr)_minmax(200px,3fr)_minmax(200px,3fr)_96px] items-center gap-x-3 px-3';

const StepLine = (props: { line: Line; isOpen: boolean; turn: () => void }) => {
  const long = (side: 'a' | 'b'): number | null => props.line.different?.[side]?.duration_ms ?? props.line.equal?.duration_ms[side] ?? null;
  return (
    <>
      <div role="row" class={`${GRID} border-b border-hairline hover:bg-bg1`}>
        <span role="rowheader" class="min-w-0">
          <Show when={props.line.different} fallback={<span class="block truncate pl-6">{props.line.id}</span>}>
            <button
              type="button"
              class="flex min-h-8 w-full min-w-0 items-center gap-2 text-left"
              aria-expanded={props.isOpen}
              aria-label={t('compare.details', props.line.id)}
              onClick={() => props.turn()}
            >
              <ChevronRight size={16} class={`shrink-0 text-muted ${props.isOpen ? 'rotate-90' : ''}`} />
              <span class="truncate font-semibold">{props.line.id}</span>
            </button>
          </Show>
        </span>
        <Side line={props.line} side="a" />
        <Side line={props.line} side="b" />
        <span role="cell" class="text-right text-muted">
          {deltaText(long('a'), long('b'))}
        </span>
      </div>
      <Show when={props.isOpen && props.line.different}>
        {(step) => (
          <div role="row">
            <div role="cell" aria-colspan={4} class="border-b border-hairline px-3 py-3 pl-9">
              <StepDifference step={step()} />
            </div>
          </div>
        )}
      </Show>
    </>
  );
};

const Side = (props: { line: Line; side: 'a' | 'b' }) => {
  const told = (): StepSide | null => props.line.different?.[props.side] ?? null;
  return (
    <span role="cell" class="flex min-w-0 items-center gap-x-3">
      <Show
        when={props.line.equal}
        fallback={
          <Show when={told()} fallback={<span class="text-muted">{t('compare.absent')}</span>}>
            {(side) => (
              <>
                <StatusBadge status={side().status} />
                <span class="text-muted">{side().duration_ms === null ? '' : formatDuration(side().duration_ms as number)}</span>
                <span class="truncate text-muted">
                  {side().kept_from !== null ? t('compare.kept') : side().attempts > 1 ? t('compare.attempts', side().attempts) : ''}
                </span>
              </>
            )}
          </Show>
        }
      >
        {(equal) => (
          <>
            <StatusBadge status={equal().status} />
            <span class="text-muted">
              {equal().duration_ms[props.side] === null ? '' : formatDuration(equal().duration_ms[props.side] as number)}
            </span>
          </>
        )}
      </Show>
    </span>
  );
};
