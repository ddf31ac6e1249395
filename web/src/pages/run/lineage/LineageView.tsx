import { A } from '@solidjs/router';
import { useQueryClient } from '@tanstack/solid-query';
import CornerDownRight from 'lucide-solid/icons/corner-down-right';
import { For, Show } from 'solid-js';
import { lineageQuery } from '../../../api/queries.ts';
import { useQuery } from '../../../api/use-query.ts';
import type { Lineage, RunView } from '../../../api/views.ts';
import { Empty } from '../../../components/Empty.tsx';
import { Fetched } from '../../../components/Fetched.tsx';
import { StatusBadge } from '../../../components/StatusBadge.tsx';
import { Timestamp } from '../../../components/Timestamp.tsx';
import { applyNews } from '../../../live/cache.ts';
import { useTopic } from '../../../live/Live.tsx';
import { t } from '../words.ts';
import { type LineageRow, lineageRows } from './tree.ts';

/** How this run hangs together with others: what it came from, and what came from it. */
export const LineageView = (props: { run: RunView }) => {
  const queries = useQueryClient();
  const lineage = useQuery(() => lineageQuery(props.run.id));
  useTopic(
    () => 'runs',
    (message) => applyNews(queries, message),
  );
  return (
    <div class="mt-4">
      <Fetched query={lineage} skeleton="h-64" isEmpty={({ items }) => items.length <= 1} empty={<Empty says={t('lineage.alone')} />}>
        {(found) => <LineageTree lineage={found()} current={props.run.id} zone={props.run.timezone} />}
      </Fetched>
    </div>
  );
};

/** Deeper than this a line does not move to the right any more. */
const DEEPEST = 6;
const INDENT = 20;

/** Runs as a tree, each with its status, version and what it is to the one above it. */
export const LineageTree = (props: { lineage: Lineage; current: string; zone: string | null }) => (
  <>
    <ol aria-label={t('lineage.caption')} class="border-t border-hairline text-table">
      <For each={lineageRows(props.lineage.items)}>
        {(row) => <Run row={row} isCurrent={row.node.id === props.current} zone={props.zone} />}
      </For>
    </ol>
    <Show when={props.lineage.truncated}>
      <p class="mt-3 text-muted">{t('lineage.truncated')}</p>
    </Show>
  </>
);

const relationOf = ({ node, of }: LineageRow): string => {
  const name = of ? t('run.numbered', of.number) : t('lineage.gone');
  switch (node.relation) {
    case 'origin':
      return '';
    case 'rerun':
      return t('lineage.rerun', name, (node.from ?? []).join(', '));
    case 'sub_run':
      return t('lineage.sub_run', name, node.parent_key ?? '');
    default:
      return t(`lineage.${node.relation}`, name);
  }
};

const Run = (props: { row: LineageRow; isCurrent: boolean; zone: string | null }) => {
  const node = () => props.row.node;
  const kept = () => node().kept ?? [];
  return (
    <li class={`border-b border-hairline ${props.isCurrent ? 'bg-selected' : ''}`}>
      <div
        class="flex min-h-8 flex-wrap items-center gap-x-4 gap-y-0.5 py-1.5 pr-2"
        style={{ 'padding-left': `${8 + Math.min(props.row.depth, DEEPEST) * INDENT}px` }}
      >
        <span class="flex min-w-0 flex-wrap items-center gap-x-3">
          <Show when={props.row.depth > 0}>
            <CornerDownRight size={16} class="-mr-1 shrink-0 text-muted" aria-hidden="true" />
          </Show>
          <StatusBadge status={node().status} />
          <A class="link font-semibold" href={`/runs/${node().id}`} aria-current={props.isCurrent ? 'page' : undefined}>
            #{node().number}
          </A>
          <span class="min-w-0 break-words">
            {node().job} <Show when={node().version}>{(version) => <span class="text-muted">v{version()}</span>}</Show>
          </span>
        </span>
        <span class="min-w-0 flex-1 basis-60 break-words text-muted">
          {[relationOf(props.row), ...(kept().length > 0 ? [t('lineage.kept', kept().join(', '))] : [])]
            .filter((words) => words !== '')
            .join(', ')}
          <Show when={props.isCurrent}>
            <span class="ml-2 text-text">({t('lineage.current')})</span>
          </Show>
        </span>
        <span class="flex flex-wrap gap-x-3 text-muted">
          <span>{t('lineage.by', node().created_by)}</span>
          <Timestamp at={node().created_at} zone={props.zone} />
        </span>
      </div>
    </li>
  );
};
