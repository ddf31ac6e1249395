import { useNavigate } from '@solidjs/router';
import { createMemo } from 'solid-js';
import { type TableSteer, type VirtualColumn, VirtualTable } from '../../components/VirtualTable.tsx';
import { usePreferences } from '../../preferences/preferences.ts';
import { createEffect } from '../../solid.ts';
import { useChosenColumns } from './chosen-columns.ts';
import type { RunsChoice } from './chosen-runs.ts';
import { COLUMN_SORTS, COLUMNS } from './columns.tsx';
import type { RunSort } from './page-state.ts';
import { ChooseBox, Line, whyOf } from './RunParts.tsx';
import type { ListedRun } from './views.ts';
import { t } from './words.ts';

const ROW = { comfortable: 40, compact: 32, dense: 24 } as const;

/** Runs as they are listed, as a table or as cards, and what whoever reads them does. */
export interface ShownRuns {
  /** Names the list whose scroll position is kept. */
  readonly place: string;
  readonly runs: readonly ListedRun[];
  readonly from: 'start' | 'end';
  readonly choice: RunsChoice;
  readonly active: string | null;
  readonly onActive: (id: string) => void;
  readonly nearEnd: () => void;
  readonly nearStart: () => void;
  readonly foot: string;
  readonly steer: (steer: TableSteer) => void;
}

interface RunsTableProps extends ShownRuns {
  readonly sort: RunSort;
  readonly onSort: (sort: RunSort) => void;
  readonly onEnd?: (at: 'start' | 'end') => void;
  /** How many match, and how many stand before the first one here; null while nobody knows. */
  readonly total?: number | null;
  readonly first?: number | null;
  readonly onSeen?: (first: string, last: string) => void;
}

/** The runs as a table: columns as the reader has chosen them, and under each run that needs a look, why. */
export const RunsTable = (props: RunsTableProps) => {
  const navigate = useNavigate();
  const { now } = usePreferences();
  const columns = useChosenColumns();
  const choose = chooseColumn(props.choice, () => props.runs);
  const shown = createMemo(() => [choose, ...columns.shown().map((id) => COLUMNS[id])]);
  const sorting = () => ({
    column: props.sort.endsWith('created_at') ? 'started' : 'duration',
    direction: props.sort.startsWith('-') ? ('descending' as const) : ('ascending' as const),
  });
  const sort = (column: string) => {
    const [first, then] = COLUMN_SORTS[column] ?? [];
    if (first && then) props.onSort(props.sort === first ? then : first);
  };
  return (
    <VirtualTable
      caption={t('runs.caption')}
      columns={shown()}
      rows={props.runs}
      keyOf={(run) => run.id}
      rowHeight={ROW[now().density]}
      hasUnder={(run) => whyOf(run) !== ''}
      under={(run) => (
        <span class={`tone-${run.status} pl-9 text-(--tone)`}>
          <Line text={whyOf(run)} />
        </span>
      )}
      place={props.place}
      begin={props.from}
      nearEnd={props.nearEnd}
      nearStart={props.nearStart}
      onSeen={props.onSeen}
      active={props.active}
      onActive={props.onActive}
      onEnd={props.onEnd}
      total={props.total ?? null}
      first={props.first ?? null}
      onOpen={(run) => navigate(`/runs/${run.id}`)}
      chosen={props.choice.isChosen}
      sorting={sorting()}
      sortable={Object.keys(COLUMN_SORTS)}
      onSort={sort}
      widths={columns.widths()}
      onResize={columns.resize}
      foot={<p class="px-4 py-2 text-meta text-muted md:px-6">{props.foot}</p>}
      steer={props.steer}
    />
  );
};

const chooseColumn = (choice: RunsChoice, here: () => readonly ListedRun[]): VirtualColumn<ListedRun> => ({
  id: 'choose',
  head: t('column.choose'),
  width: 24,
  headControl: () => (
    <label class="flex size-6 items-center justify-center">
      <input
        type="checkbox"
        class="size-4 accent-accent"
        aria-label={t('choose.all_here')}
        checked={choice.count() > 0 && choice.count() >= here().length}
        ref={(box) =>
          createEffect(() => {
            box.indeterminate = choice.count() > 0 && choice.count() < here().length;
          })
        }
        onChange={(event) => (event.currentTarget.checked ? choice.chooseHere() : choice.none())}
      />
    </label>
  ),
  cell: (run, tab) => (
    <ChooseBox
      run={run}
      checked={choice.isChosen(run.id)}
      barred={choice.isAll()}
      toggle={(range) => choice.toggle(run.id, range)}
      tab={tab()}
    />
  ),
});
