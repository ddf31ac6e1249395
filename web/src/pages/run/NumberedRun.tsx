import { Navigate } from '@solidjs/router';
import { useQuery } from '@tanstack/solid-query';
import { Show } from 'solid-js';
import { numberedRunQuery } from '../../api/queries.ts';
import { Fetched } from '../../components/Fetched.tsx';
import { Page } from '../../frame/Page.tsx';
import { t } from '../../words.ts';

/** Leads from a run's number, as people write it, to the run. */
export const NumberedRun = (props: { number: string }) => {
  const found = useQuery(() => numberedRunQuery(props.number));
  return (
    <Page title={t('run.missing')} trail={[{ word: t('runs.title'), href: '/runs' }]}>
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
