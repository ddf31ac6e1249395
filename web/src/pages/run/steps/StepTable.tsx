import { A } from '@solidjs/router';
import { Show } from 'solid-js';
import { Elapsed } from '../../../components/Elapsed.tsx';
import { StatusBadge } from '../../../components/StatusBadge.tsx';
import { Timestamp } from '../../../components/Timestamp.tsx';
import { type VirtualColumn, VirtualTable } from '../../../components/VirtualTable.tsx';
import type { StepRow } from '../rows.ts';
import { t } from './words.ts';

const ROW = 32;

interface StepTableProps {
  readonly run: string;
  readonly rows: readonly StepRow[];
  readonly chosen: string | undefined;
  readonly hrefOf: (key: string) => string;
  readonly choose: (key: string) => void;
}

/** The steps of a run as a table: what timeline, graph and matrix draw, in words. */
export const StepTable = (props: StepTableProps) => {
  const columns: readonly VirtualColumn<StepRow>[] = [
    {
      id: 'step',
      head: t('table.step'),
      width: 160,
      grow: 2,
      cell: (row, tab) => (
        <A class={`link ${row.isPart ? 'pl-4' : ''}`} href={props.hrefOf(row.key)} noScroll replace tabindex={tab()} title={row.key}>
          <bdi>{row.name}</bdi>
        </A>
      ),
    },
    {
      id: 'status',
      head: t('table.status'),
      width: 150,
      cell: ({ status, step }) => (
        <StatusBadge
          status={status}
          waitingFor={step?.waiting_for ?? null}
          attempt={step?.attempt}
          attemptsAllowed={step?.attempts_allowed ?? undefined}
        />
      ),
    },
    { id: 'host', head: t('table.host'), width: 120, grow: 1, cell: ({ step }) => <bdi>{step?.target ?? ''}</bdi> },
    { id: 'attempt', head: t('table.attempt'), width: 72, align: 'right', cell: ({ step }) => step?.attempt ?? '' },
    {
      id: 'started',
      head: t('table.started'),
      width: 150,
      cell: ({ step }) => <Show when={step?.started_at}>{(at) => <Timestamp at={at()} />}</Show>,
    },
    {
      id: 'duration',
      head: t('table.duration'),
      width: 90,
      align: 'right',
      cell: ({ step }) => (
        <Show when={step}>{(one) => <Elapsed from={one().started_at} to={one().ended_at} ms={one().duration_ms} />}</Show>
      ),
    },
    { id: 'needs', head: t('table.needs'), width: 140, grow: 1, cell: ({ needs, isPart }) => (isPart ? '' : needs.join(', ')) },
  ];
  return (
    <div class="flex h-(--view) flex-col border-b border-hairline">
      <VirtualTable
        caption={t('table.caption')}
        columns={columns}
        rows={props.rows}
        keyOf={({ key }) => key}
        rowHeight={ROW}
        total={props.rows.length}
        place={`steps ${props.run}`}
        active={props.chosen ?? null}
        onActive={(key) => props.choose(key)}
        rowClass={({ key }) => (key === props.chosen ? 'bg-selected' : '')}
      />
    </div>
  );
};
