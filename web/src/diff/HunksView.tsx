import { createMemo, createSignal, For, Match, Show, Switch } from 'solid-js';
import type { Hunk } from '#jobs/diff/diff-lines.ts';
import { visible } from '../components/visible.ts';
import { whenChanged } from '../solid.ts';
import { createMediaQuery } from './media.ts';
import { countsOf, type DiffCell, type DiffRow, splitRows, unifiedRows } from './rows.ts';
import { t } from './words.ts';

/** Rows drawn at first, and with each wish for more. */
const STEP = 500;
/** Characters of a line that are drawn, of them before where it differs, and when all of it is asked for. */
const LONGEST = 1000;
const BEFORE_CHANGE = 200;
const MOST_DRAWN = 100_000;

const LAYOUTS = ['split', 'unified'] as const;
type Layout = (typeof LAYOUTS)[number];

/** Lines that differ, with signs as well as colours; side by side where there is room, unless the reader chose otherwise. */
export const HunksView = (props: { hunks: readonly Hunk[]; before: string; after: string }) => {
  const isWide = createMediaQuery('(min-width: 1024px)');
  const [chosen, setChosen] = createSignal<Layout>();
  const [shown, setShown] = createSignal(STEP);
  const layout = () => chosen() ?? (isWide() ? 'split' : 'unified');
  const rows = createMemo(() => (layout() === 'split' ? splitRows(props.hunks) : unifiedRows(props.hunks)));
  const counts = createMemo(() => countsOf(props.hunks));
  whenChanged(
    () => props.hunks,
    () => setShown(STEP),
    'later',
  );
  return (
    <Show when={props.hunks.length > 0} fallback={<p class="py-4 text-muted">{t('diff.same')}</p>}>
      <div class="flex flex-wrap items-center gap-x-4 gap-y-1 py-2">
        <p class="min-w-0 flex-1 basis-56 text-muted">{t('diff.counts', counts().added, counts().removed)}</p>
        <fieldset class="flex">
          <legend class="sr-only">{t('diff.layout')}</legend>
          <For each={LAYOUTS}>
            {(one) => (
              <button
                type="button"
                class={`button font-normal first-of-type:rounded-r-none last-of-type:-ml-px last-of-type:rounded-l-none ${layout() === one ? 'bg-selected' : ''}`}
                aria-pressed={layout() === one}
                onClick={() => setChosen(one)}
              >
                {t(`diff.${one}`)}
              </button>
            )}
          </For>
        </fieldset>
      </div>
      <section
        class="overflow-x-auto rounded-control border border-hairline"
        tabindex="0"
        aria-label={t('diff.caption', props.before, props.after)}
      >
        <table class="w-full table-fixed font-mono text-table max-lg:min-w-120">
          <caption class="sr-only">{t('diff.caption', props.before, props.after)}</caption>
          <Switch>
            <Match when={layout() === 'split'}>
              <thead>
                <tr class="border-b border-hairline bg-bg1 text-left text-meta text-muted">
                  <th class="w-12 px-2 py-1 font-normal">
                    <span class="sr-only">{t('diff.line')}</span>
                  </th>
                  <th class="truncate px-2 py-1 font-normal">{props.before}</th>
                  <th class="w-12 border-l border-hairline px-2 py-1 font-normal">
                    <span class="sr-only">{t('diff.line')}</span>
                  </th>
                  <th class="truncate px-2 py-1 font-normal">{props.after}</th>
                </tr>
              </thead>
              <tbody>
                <For each={rows().slice(0, shown())}>{(row) => <SplitRow row={row} />}</For>
              </tbody>
            </Match>
            <Match when={true}>
              <thead>
                <tr class="border-b border-hairline bg-bg1 text-left text-meta text-muted">
                  <th class="w-12 truncate px-2 py-1 font-normal">{props.before}</th>
                  <th class="w-12 truncate px-2 py-1 font-normal">{props.after}</th>
                  <th class="px-2 py-1 font-normal">
                    <span class="sr-only">{t('diff.line')}</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                <For each={rows().slice(0, shown())}>{(row) => <UnifiedRow row={row} />}</For>
              </tbody>
            </Match>
          </Switch>
        </table>
      </section>
      <Show when={rows().length > shown()}>
        <button type="button" class="button mt-2" onClick={() => setShown((count) => count + STEP)}>
          {t('diff.more', rows().length - shown())}
        </button>
      </Show>
    </Show>
  );
};

const TONES = { ' ': '', '+': 'bg-added', '-': 'bg-removed' } as const;
const SIGNS = { ' ': ' ', '+': '+', '-': '−' } as const;

const Gap = (props: { line: number; columns: number }) => (
  <tr class="bg-bg1 text-meta text-muted">
    <td colspan={props.columns} class="px-2 py-0.5">
      {t('diff.from_line', props.line)}
    </td>
  </tr>
);

const toneOf = (cell: DiffCell | null): string => (cell ? TONES[cell.kind] : 'bg-bg1');

const LineNumber = (props: { number: number | undefined; tone: string; divided?: boolean }) => (
  <td class={`px-2 text-right align-top text-text select-none ${props.divided ? 'border-l border-hairline' : ''} ${props.tone}`}>
    {props.number}
  </td>
);

const Line = (props: { cell: DiffCell | null }) => (
  <td class={`px-2 align-top break-all whitespace-pre-wrap ${toneOf(props.cell)}`}>
    <Show when={props.cell}>{(cell) => <Words cell={cell()} />}</Show>
  </td>
);

const Words = (props: { cell: DiffCell }) => {
  const [whole, setWhole] = createSignal(false);
  // Of a long line the part is drawn in which it differs.
  const start = () =>
    whole() ? 0 : Math.max(0, Math.min((props.cell.changed?.[0] ?? 0) - BEFORE_CHANGE, props.cell.text.length - LONGEST));
  const end = () => (whole() ? MOST_DRAWN : start() + LONGEST);
  const text = () => props.cell.text.slice(start(), end());
  const within = (place: number) => Math.max(0, Math.min(place - start(), text().length));
  const from = () => within(props.cell.changed?.[0] ?? 0);
  const to = () => within(props.cell.changed?.[1] ?? 0);
  return (
    <>
      <span class="select-none" aria-hidden="true">
        {SIGNS[props.cell.kind]}{' '}
      </span>
      <Show when={props.cell.kind !== ' '}>
        <span class="sr-only">{props.cell.kind === '+' ? t('diff.added') : t('diff.removed')} </span>
      </Show>
      <bdi>
        {start() > 0 ? '…' : ''}
        {visible(text().slice(0, from()))}
        <Show when={to() > from()}>
          <mark class="bg-transparent text-current underline underline-offset-2">{visible(text().slice(from(), to()))}</mark>
        </Show>
        {visible(text().slice(to()))}
        {end() < props.cell.text.length ? '…' : ''}
      </bdi>
      <Show when={!whole() && props.cell.text.length > LONGEST}>
        {' '}
        <button type="button" class="link min-h-6 select-none" onClick={() => setWhole(true)}>
          {t('diff.whole_line', props.cell.text.length)}
        </button>
      </Show>
    </>
  );
};

const SplitRow = (props: { row: DiffRow }) => (
  <Show when={'gap' in props.row ? null : props.row} fallback={<Gap line={'gap' in props.row ? props.row.gap : 0} columns={4} />}>
    {(row) => (
      <tr>
        <LineNumber number={row().before?.number} tone={toneOf(row().before)} />
        <Line cell={row().before} />
        <LineNumber number={row().after?.number} tone={toneOf(row().after)} divided />
        <Line cell={row().after} />
      </tr>
    )}
  </Show>
);

const UnifiedRow = (props: { row: DiffRow }) => (
  <Show when={'gap' in props.row ? null : props.row} fallback={<Gap line={'gap' in props.row ? props.row.gap : 0} columns={3} />}>
    {(row) => (
      <tr>
        <LineNumber number={row().before?.number} tone={toneOf(row().after ?? row().before)} />
        <LineNumber number={row().after?.number} tone={toneOf(row().after ?? row().before)} />
        <Line cell={row().after ?? row().before} />
      </tr>
    )}
  </Show>
);
