import { useNavigate } from '@solidjs/router';
import { useQueryClient } from '@tanstack/solid-query';
import { createSignal, For, Show } from 'solid-js';
import { send } from '../../../api/client.ts';
import { useQuery } from '../../../api/use-query.ts';
import { Confirm } from '../../../components/Confirm.tsx';
import { TextField } from '../../../components/TextField.tsx';
import { toast } from '../../../components/Toasts.tsx';
import { whenChanged } from '../../../solid.ts';
import { dependantsQuery, jobPath } from '../queries.ts';
import type { DependantsView, JobNow } from '../views.ts';
import { t } from '../words.ts';
import { News } from './News.tsx';
import { createSeen } from './seen.ts';

/** Open runs that the server names at most. */
const RUNS_NAMED = 100;
/** Jobs that are named here at most. */
const JOBS_NAMED = 100;

/** Asks before a job goes to the trash, and says who would miss it; where others need it, its name must be typed. */
export const DeleteJob = (props: { job: JobNow; open: boolean; close: () => void; lacks: string | undefined }) => {
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [typed, setTyped] = createSignal('');
  const seen = createSeen(
    () => props.job,
    () => props.open,
  );
  whenChanged(
    () => props.open,
    () => setTyped(''),
  );
  const dependants = useQuery(() => ({ ...dependantsQuery(props.job.name), enabled: props.open, staleTime: 0 }));
  const found = () => dependants.data;
  const isNeeded = () => (found()?.jobs.length ?? 0) > 0;
  const barred = () => {
    if (!found() && !dependants.error) return t('delete.looking');
    return isNeeded() && typed() !== props.job.name ? t('delete.type_name', props.job.name) : undefined;
  };
  const run = async (key: string) => {
    const { name } = props.job;
    const path = `${jobPath(name)}${isNeeded() ? `?confirm=${encodeURIComponent(name)}` : ''}`;
    await seen.change((ifMatch) => send('DELETE', path, undefined, key, { ifMatch }));
    toast({ says: t('delete.done', name), href: '/jobs/trash', link: t('trash.title') });
    navigate('/jobs');
    queries.removeQueries({ queryKey: ['job', name] });
    await queries.invalidateQueries({ queryKey: ['jobs'] });
  };
  return (
    <Confirm
      open={props.open}
      close={props.close}
      title={t('delete.title', props.job.name)}
      effect={
        <>
          {t('delete.effect')}
          <Show when={found()}>{(known) => <Missed dependants={known()} />}</Show>
          <News news={seen.news()} />
        </>
      }
      keep={t('delete.keep')}
      act={t('delete.act')}
      lacks={props.lacks}
      barred={barred()}
      run={run}
    >
      {() => (
        <Show when={isNeeded()}>
          <TextField
            label={t('delete.type_name', props.job.name)}
            error={typed() !== '' && !props.job.name.startsWith(typed()) ? t('delete.differs') : undefined}
            value={typed()}
            change={setTyped}
          />
        </Show>
      )}
    </Confirm>
  );
};

const Missed = (props: { dependants: DependantsView }) => (
  <>
    <Show when={props.dependants.open_runs.length}>
      {(runs) => <p class="mt-2 text-text">{t('delete.open_runs', runs(), runs() >= RUNS_NAMED)}</p>}
    </Show>
    <Show when={props.dependants.jobs.length > 0}>
      <p class="mt-2 text-text">{t('delete.missed')}</p>
      <ul class="mt-1 max-h-40 list-disc overflow-y-auto pl-6 text-text">
        <For each={props.dependants.jobs.slice(0, JOBS_NAMED)}>
          {({ name, how }) => (
            <li class="break-words">
              {name}: {how.map((one) => t(`delete.missed_${one}`)).join(', ')}
            </li>
          )}
        </For>
      </ul>
      <Show when={props.dependants.jobs.length > JOBS_NAMED}>
        <p class="mt-1">{t('import.shown', JOBS_NAMED, props.dependants.jobs.length)}</p>
      </Show>
    </Show>
  </>
);
