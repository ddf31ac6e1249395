import { For, type JSX, Show } from 'solid-js';
import { STEP_STATUSES, type StepStatus } from '#jobs/run-state.ts';
import { Elapsed } from '../../../components/Elapsed.tsx';
import { StatusIcon } from '../../../components/StatusBadge.tsx';
import { countsWords, totalOf } from '../hosts/matrix.ts';
import { partsWords } from '../parts.ts';
import type { StepRow } from '../rows.ts';
import type { GraphNode } from './fold.ts';
import { t } from './words.ts';

type Counts = { readonly [status in StepStatus]?: number | undefined };

const stageName = (node: Extract<GraphNode, { kind: 'stage' }>): string =>
  node.isRest ? t('graph.more', node.rows.length) : t('graph.stage', node.from, node.to);

const countsOf = (rows: readonly StepRow[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const { status } of rows) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
};

/** What stands in a node: icon, name, duration; for many, how many there are of each status. */
export const NodeCard = (props: { node: GraphNode; isCritical: boolean }): JSX.Element => (
  <Show when={stepOf(props.node)} fallback={<StageCard node={props.node as Extract<GraphNode, { kind: 'stage' }>} />}>
    {(row) => (
      <>
        <span class="flex min-w-0 items-center gap-2">
          <StatusIcon
            status={row().status}
            waitingFor={row().step?.waiting_for ?? null}
            attempt={row().step?.attempt}
            attemptsAllowed={row().step?.attempts_allowed ?? undefined}
          />
          <bdi class={`truncate ${props.isCritical ? 'font-semibold' : ''}`}>{row().name}</bdi>
        </span>
        <span class="flex min-w-0 items-center gap-2 pl-6 text-meta whitespace-nowrap text-muted">
          <Show when={row().step} fallback={<span class="truncate">{row().type}</span>}>
            {(step) => (
              <>
                <Elapsed from={step().started_at} to={step().ended_at} ms={step().duration_ms} />
                <Show when={partsWords(step())}>{(words) => <span class="truncate">{words()}</span>}</Show>
              </>
            )}
          </Show>
        </span>
        <Show when={row().step?.parts_by_status}>{(counts) => <Strip counts={counts()} />}</Show>
      </>
    )}
  </Show>
);

const stepOf = (node: GraphNode): StepRow | null => (node.kind === 'step' ? node.row : null);

const StageCard = (props: { node: Extract<GraphNode, { kind: 'stage' }> }) => {
  const counts = () => countsOf(props.node.rows);
  return (
    <>
      <span class="flex min-w-0 items-center gap-2">
        <StatusIcon status={totalOf(counts())?.status ?? 'pending'} />
        <span class="truncate">{stageName(props.node)}</span>
      </span>
      <span class="truncate pl-6 text-meta text-muted">
        {t('graph.steps', props.node.rows.length)}
        <span class="sr-only">, {countsWords(counts())}</span>
      </span>
      <Strip counts={counts()} />
    </>
  );
};

/** How many there are of each status, as lengths; the words beside it say the same. */
const Strip = (props: { counts: Counts }) => {
  const parts = () => STEP_STATUSES.flatMap((status) => (props.counts[status] ? [{ status, count: props.counts[status] }] : []));
  return (
    <span
      class="absolute inset-x-0 bottom-0 flex h-1 gap-px overflow-hidden rounded-b-control"
      aria-hidden="true"
      title={countsWords(props.counts as Record<string, number>)}
    >
      <For each={parts()}>{(part) => <span class={`tone-${part.status} min-w-1 bg-(--tone)`} style={{ 'flex-grow': part.count }} />}</For>
    </span>
  );
};
