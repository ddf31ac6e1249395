import { A } from '@solidjs/router';
import { For } from 'solid-js';
import { lineageQuery } from '../../../api/queries.ts';
import { useQuery } from '../../../api/use-query.ts';
import type { RunView } from '../../../api/views.ts';
import { t } from '../words.ts';

/** The runs that this one came from, by their numbers once these are known. */
export const Origins = (props: { run: RunView }) => {
  const origins = () => {
    const { rerun_of, retry_of, parent_run, parent_key, chain_source } = props.run;
    const all = [
      { id: rerun_of, says: t('run.from_rerun') },
      { id: rerun_of === null ? retry_of : null, says: t('run.from_retry') },
      { id: parent_run, says: t('run.from_parent', parent_key ?? '') },
      { id: chain_source, says: t('run.from_chain') },
    ];
    return all.flatMap(({ id, says }) => (id === null ? [] : [{ id, says }]));
  };
  const lineage = useQuery(() => ({ ...lineageQuery(props.run.id), enabled: origins().length > 0 }));
  const nameOf = (id: string): string => {
    const node = lineage.data?.items.find((one) => one.id === id);
    return node ? t('run.numbered', node.number) : `${id.slice(0, 8)}…`;
  };
  return (
    <For each={origins()}>
      {({ id, says }) => (
        <span>
          {says}{' '}
          <A class="link whitespace-nowrap" href={`/runs/${id}`}>
            {nameOf(id)}
          </A>
        </span>
      )}
    </For>
  );
};
