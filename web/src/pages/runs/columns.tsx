import { Show } from 'solid-js';
import { Elapsed } from '../../components/Elapsed.tsx';
import { StatusBadge } from '../../components/StatusBadge.tsx';
import { Timestamp } from '../../components/Timestamp.tsx';
import type { VirtualColumn } from '../../components/VirtualTable.tsx';
import type { RunSort } from './page-state.ts';
import { byOf, Line, RetryButton, RunName } from './RunParts.tsx';
import type { ListedRun } from './views.ts';
import { t } from './words.ts';

/** The columns there are, in the order they are offered in. */
export const RUN_COLUMNS = [
  'status',
  'job',
  'client',
  'ref',
  'target',
  'started',
  'duration',
  'steps',
  'priority',
  'retries',
  'by',
  'number',
  'message',
  'parameters',
  'worker',
  'zone',
  'created',
  'updated',
  'progress',
] as const;
export type RunColumn = (typeof RUN_COLUMNS)[number];

/** Those shown until the reader chooses others. */
export const USUAL_COLUMNS: readonly RunColumn[] = RUN_COLUMNS.slice(0, 11);

/** By which sort of the API a column is sorted, the way it goes first. */
export const COLUMN_SORTS: { readonly [column: string]: readonly [RunSort, RunSort] } = {
  started: ['-created_at', 'created_at'],
  duration: ['-execution_time_ms', 'execution_time_ms'],
};

/** What an export calls what a column shows. */
export const EXPORT_COLUMNS: { readonly [column in RunColumn]: readonly string[] } = {
  status: ['status', 'waiting_for', 'error_message', 'retry_error'],
  job: ['job', 'version'],
  client: ['client'],
  ref: ['ref_num'],
  target: ['target'],
  started: ['executed_at'],
  duration: ['execution_time_ms'],
  steps: ['completed_steps', 'failed_steps', 'total_steps'],
  priority: ['priority'],
  retries: ['retry_count'],
  by: ['trigger', 'created_by'],
  number: ['number'],
  message: ['message'],
  parameters: ['parameters'],
  worker: ['worker_id'],
  zone: ['timezone'],
  created: ['created_at'],
  updated: ['updated_at'],
  progress: ['progress'],
};

/** The columns as the table draws them. */
export const COLUMNS: { readonly [column in RunColumn]: VirtualColumn<ListedRun> } = {
  status: {
    id: 'status',
    head: t('column.status'),
    width: 168,
    cell: (run, tab) => (
      <span class="flex min-w-0 items-center gap-1">
        <StatusBadge status={run.status} waitingFor={run.waiting_for} brief={run.status === 'lost'} />
        <RetryButton run={run} tab={tab()} />
      </span>
    ),
  },
  job: {
    id: 'job',
    head: t('column.job'),
    width: 132,
    grow: 2.4,
    cell: (run, tab) => (
      <span class="flex min-w-0 items-baseline gap-2">
        <RunName run={run} tab={tab()} />
      </span>
    ),
  },
  client: { id: 'client', head: t('column.client'), width: 60, grow: 1, cell: (run) => <Line text={run.client} /> },
  ref: { id: 'ref', head: t('column.ref'), width: 52, grow: 1, cell: (run) => <Line text={run.ref_num} /> },
  target: { id: 'target', head: t('column.target'), width: 60, grow: 1, cell: (run) => <Line text={run.target} /> },
  started: {
    id: 'started',
    head: t('column.started'),
    title: t('column.started_hint'),
    width: 140,
    cell: (run) => <Timestamp at={run.started_at} zone={run.timezone} absent={t('runs.not_started')} />,
  },
  duration: {
    id: 'duration',
    head: t('column.duration'),
    width: 76,
    align: 'right',
    cell: (run) => <Elapsed from={run.started_at} to={run.ended_at} ms={run.execution_time_ms} />,
  },
  steps: { id: 'steps', head: t('column.steps'), width: 44, align: 'right', cell: (run) => `${run.completed_steps}/${run.total_steps}` },
  priority: {
    id: 'priority',
    head: t('column.priority'),
    title: t('column.priority_hint'),
    width: 20,
    align: 'right',
    cell: (run) => run.priority,
  },
  retries: { id: 'retries', head: t('column.retries'), width: 48, align: 'right', cell: (run) => run.retry_count || '' },
  by: { id: 'by', head: t('column.by'), width: 60, grow: 1, cell: (run) => <Line text={byOf(run)} /> },
  number: { id: 'number', head: t('column.number'), width: 84, align: 'right', cell: (run) => `#${run.number}` },
  message: { id: 'message', head: t('column.message'), width: 120, grow: 2, cell: (run) => <Line text={run.message} /> },
  parameters: {
    id: 'parameters',
    head: t('column.parameters'),
    width: 160,
    grow: 2,
    cell: (run) => <Show when={run.parameters}>{(parameters) => <Line text={wordsOf(parameters())} />}</Show>,
  },
  worker: { id: 'worker', head: t('column.worker'), width: 120, grow: 1, cell: (run) => <Line text={run.worker_id} /> },
  zone: { id: 'zone', head: t('column.zone'), width: 112, cell: (run) => <Line text={run.timezone} /> },
  created: { id: 'created', head: t('column.created'), width: 152, cell: (run) => <Timestamp at={run.created_at} zone={run.timezone} /> },
  updated: { id: 'updated', head: t('column.updated'), width: 152, cell: (run) => <Timestamp at={run.updated_at} zone={run.timezone} /> },
  progress: { id: 'progress', head: t('column.progress'), width: 72, align: 'right', cell: (run) => t('runs.progress', run.progress) },
};

const wordsOf = (parameters: object): string =>
  Object.entries(parameters)
    .map(([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(', ');
