import { Navigate } from '@solidjs/router';
import { Show } from 'solid-js';
import { numberedRunQuery } from '../../api/queries.ts';
import { useQuery } from '../../api/use-query.ts';
import { Fetched } from '../../components/Fetched.tsx';
import { Page } from '../../frame/Page.tsx';
import { t as common } from '../../words.ts';
import { t } from './words.ts';

/** Leads from a run's number, as people write it, to the run. */
export const NumberedRun = (props: { number: string }) => {
  const found = useQuery(() => numberedRunQuery(props.number));
  return (
    <Page title={t('run.missing')} trail={[{ word: common('runs.title'), href: '/runs' }]}>
      <Fetched query={found} skeleton="h-96">
        {(id) => (
          <Show when={id()} fallback={<p class="mt-4">{t('run.no_number', props.number)}</p>}>
            {(known) => <Navigate href={`/runs/${known()}`} />}
          </Show>
        )}
      </Fetched>
    </Page>
  );
};
