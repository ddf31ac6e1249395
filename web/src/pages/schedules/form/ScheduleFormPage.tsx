import { useParams, useSearchParams } from '@solidjs/router';
import { Show } from 'solid-js';
import { useQuery } from '../../../api/use-query.ts';
import { Fetched } from '../../../components/Fetched.tsx';
import { readForForm } from '../../../form/read-for-form.ts';
import { Page } from '../../../frame/Page.tsx';
import { scheduleHref, scheduleQuery } from '../queries.ts';
import { t as shared } from '../words.ts';
import { ScheduleForm } from './ScheduleForm.tsx';
import { t } from './words.ts';

/** Makes a schedule; `?job=` says of which job. */
export const NewSchedulePage = () => {
  const [search] = useSearchParams<{ job?: string }>();
  return (
    <Page title={t('form.new')} trail={[{ word: shared('schedules.title'), href: '/schedules' }]}>
      <ScheduleForm {...(search.job && { job: search.job })} />
    </Page>
  );
};

/** Changes a schedule. */
export const EditSchedulePage = () => {
  const params = useParams<{ name: string }>();
  const schedule = useQuery(() => ({ ...scheduleQuery(params.name), ...readForForm('schedule', params.name) }));
  return (
    <Page
      title={t('form.edit', params.name)}
      trail={[
        { word: shared('schedules.title'), href: '/schedules' },
        { word: params.name, href: scheduleHref(params.name) },
      ]}
    >
      <Fetched query={schedule} skeleton="h-96">
        {(found) => (
          <Show when={found().name} keyed>
            <ScheduleForm edited={found()} />
          </Show>
        )}
      </Fetched>
    </Page>
  );
};
