import { useNavigate } from '@solidjs/router';
import { createMemo, createSignal, For, Show } from 'solid-js';
import { useQuery } from '../../../api/use-query.ts';
import { ActionButton } from '../../../components/ActionButton.tsx';
import { useSession } from '../../../session/session.tsx';
import { whenChanged } from '../../../solid.ts';
import { NoSteps } from '../steps/NoSteps.tsx';
import { StepTable } from '../steps/StepTable.tsx';
import { StepTools } from '../steps/StepTools.tsx';
import { useStepKeys } from '../steps/use-step-keys.ts';
import type { StepsViewProps } from '../steps/view-props.ts';
import { HostGrid } from './HostGrid.tsx';
import { type HostRow, inOrder, matrixOf, rankOf, worstFirst } from './matrix.ts';
import { hostTagsQuery } from './queries.ts';
import { t } from './words.ts';

/** The last rank that a person may have to look at: what is tried again. */
const LAST_PROBLEM = 2;

/** Which step stands where on which host: the worst first, narrowed by tag, name or problems. */
export const HostsView = (props: StepsViewProps) => {
  const session = useSession();
  const navigate = useNavigate();
  const tagsOf = useQuery(() => ({ ...hostTagsQuery(), enabled: session.may('target:read') }));
  const tags = createMemo(() => tagsOf.data ?? new Map<string, readonly string[]>());
  const matrix = createMemo(() => matrixOf(props.rows));
  const choices = createMemo(() => [...new Set(matrix().hosts.flatMap(({ host }) => tags().get(host) ?? []))].toSorted());

  // The order is made once, and again when the reader wants it: no row moves while somebody reads.
  const [order, setOrder] = createSignal<ReadonlyMap<string, number>>(new Map());
  const sort = () => setOrder(new Map(worstFirst(matrix().hosts).map(({ host }, at) => [host, at] as const)));
  whenChanged(() => matrix().hosts.length > 0, sort);

  const isWanted = (row: HostRow) => {
    const { problems, filter, tag } = props.search;
    const words = filter.trim().toLowerCase();
    if (problems && !row.cells.some((cell) => cell && rankOf(cell.status) <= LAST_PROBLEM)) return false;
    if (tag !== '' && !tags().get(row.host)?.includes(tag)) return false;
    return words === '' || row.host.toLowerCase().includes(words);
  };
  const hosts = createMemo(() => inOrder(matrix().hosts.filter(isWanted), order()));
  const isSorted = createMemo(() => worstFirst(hosts()).every(({ host }, at) => hosts()[at]?.host === host));
  const rows = createMemo(() => hosts().flatMap(({ cells }) => cells.flatMap((cell) => cell?.row ?? [])));
  useStepKeys(rows, () => props.chosen?.key, props.choose);

  return (
    <>
      <StepTools search={props.search} change={props.change}>
        <Show when={choices().length > 0 || props.search.tag !== ''}>
          <select
            class="input w-auto max-w-48"
            aria-label={t('hosts.tag')}
            onChange={(event) => props.change({ tag: event.currentTarget.value })}
          >
            <option value="" selected={props.search.tag === ''}>
              {t('hosts.all_tags')}
            </option>
            <For each={[...new Set([...choices(), ...(props.search.tag === '' ? [] : [props.search.tag])])]}>
              {(tag) => (
                <option value={tag} selected={props.search.tag === tag}>
                  {tag}
                </option>
              )}
            </For>
          </select>
        </Show>
        <span class="text-muted">
          {hosts().length === matrix().hosts.length
            ? t('hosts.count', hosts().length)
            : t('hosts.some', hosts().length, matrix().hosts.length)}
        </span>
        <ActionButton words={t('hosts.sort')} barred={isSorted() ? t('hosts.sorted') : undefined} run={sort} />
      </StepTools>
      <Show when={matrix().hosts.length > 0} fallback={<p class="py-6 text-muted">{t('hosts.none')}</p>}>
        <Show when={hosts().length > 0} fallback={<NoSteps rows={props.rows} change={props.change} />}>
          <Show
            when={!props.search.table}
            fallback={<StepTable run={props.run.id} rows={rows()} chosen={props.chosen?.key} hrefOf={props.hrefOf} choose={props.choose} />}
          >
            <HostGrid
              columns={matrix().columns}
              hosts={hosts()}
              chosen={props.chosen?.key}
              choose={props.choose}
              open={(key) => navigate(props.logHrefOf(key))}
              touched={props.touched}
            />
            <p class="pt-2 text-meta text-muted">{t('hosts.legend')}</p>
          </Show>
        </Show>
      </Show>
    </>
  );
};
