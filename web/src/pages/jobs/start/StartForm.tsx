import { A } from '@solidjs/router';
import { createMemo, createSignal, Show } from 'solid-js';
import { useQuery } from '../../../api/use-query.ts';
import { Fetched } from '../../../components/Fetched.tsx';
import { searchState, whole } from '../../../url/search-state.ts';
import { useSearchState } from '../../../url/use-search-state.ts';
import { hrefOfJob } from '../list/columns.tsx';
import { jobAtQuery } from '../queries.ts';
import type { JobAt } from '../views.ts';
import { t } from '../words.ts';
import { RunForm } from './RunForm.tsx';

const startState = searchState<{ readonly version: number | null }>({ version: whole(1, 2_147_483_647) });

/** The form that starts a run of a job, at its newest version or at the one that the address names. */
export const StartForm = (props: { job: JobAt }) => {
  const state = useSearchState(startState);
  const older = () => {
    const { version } = state.value();
    return version === null || version === props.job.current_version ? null : version;
  };
  return (
    <Show when={older()} keyed fallback={<NewestVersion job={props.job} />}>
      {(version) => <OlderVersion job={props.job} version={version} />}
    </Show>
  );
};

/** The form stays at the version it was begun with: one that is saved meanwhile is told of, and taken when the reader says so. */
const NewestVersion = (props: { job: JobAt }) => {
  const [begun, setBegun] = createSignal(props.job);
  const isOld = () => begun().version !== props.job.version;
  const shown = createMemo(() => (isOld() ? begun() : props.job));
  return (
    <>
      <Show when={isOld()}>
        <p class="mb-4 flex max-w-column flex-wrap items-center gap-x-3 rounded-control bg-warning px-3 py-2" role="status">
          <span class="min-w-0 flex-1 break-words">{t('start.saved_meanwhile', props.job.version, begun().version)}</span>
          <button type="button" class="button" onClick={() => setBegun(props.job)}>
            {t('start.take_version', props.job.version)}
          </button>
        </p>
      </Show>
      <RunForm job={shown()} isOn={props.job.active} />
    </>
  );
};

const OlderVersion = (props: { job: JobAt; version: number }) => {
  const job = useQuery(() => jobAtQuery(props.job.name, props.version));
  return (
    <>
      <p class="mb-4 flex flex-wrap items-center gap-x-3">
        {t('start.version', props.version, props.job.current_version)}
        <A class="link inline-flex min-h-6 items-center" href={hrefOfJob(props.job.name, 'run')}>
          {t('start.newest')}
        </A>
      </p>
      <Fetched query={job} skeleton="h-64">
        {(found) => <RunForm job={found()} isOn={props.job.active} />}
      </Fetched>
    </>
  );
};
