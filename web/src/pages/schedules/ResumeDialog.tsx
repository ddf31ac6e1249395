import { useQueryClient } from '@tanstack/solid-query';
import { createSignal } from 'solid-js';
import { send } from '../../api/client.ts';
import { useQuery } from '../../api/use-query.ts';
import { Confirm } from '../../components/Confirm.tsx';
import { toast } from '../../components/Toasts.tsx';
import { useSession } from '../../session/session.tsx';
import { whenChanged } from '../../solid.ts';
import { t as shared } from '../../words.ts';
import { scheduleAt, scheduleHref } from './queries.ts';
import type { PreviewView, ResumedView, ScheduleSummary } from './views.ts';
import { t } from './words.ts';

const MOST = 500;

/** Lets a paused schedule go on, and asks what becomes of the moments that came meanwhile. */
export const ResumeDialog = (props: { schedule: ScheduleSummary; open: boolean; close: () => void }) => {
  const session = useSession();
  const queries = useQueryClient();
  const [runMissed, setRunMissed] = createSignal(false);
  whenChanged(
    () => props.open,
    () => setRunMissed(false),
  );
  const since = () => props.schedule.pause?.since ?? null;
  const came = useQuery(() => ({
    queryKey: ['schedules', 'came', props.schedule.name, since()],
    queryFn: async () => {
      const ask = { schedule: props.schedule.name, from: since(), count: MOST, starts_only: true };
      const { moments } = await send<PreviewView>('POST', '/schedules/preview', ask);
      const now = Date.now();
      const count = moments.filter(({ at }) => Date.parse(at) <= now).length;
      return { count, more: count === MOST };
    },
    enabled: props.open && since() !== null,
    staleTime: 0,
  }));
  const told = () => {
    const found = missed();
    if (found) return t('resume.missed', found.count, found.more);
    return since() === null || came.isError ? t('resume.unknown') : t('resume.counting');
  };
  const missed = () => came.data;
  const run = async (key: string) => {
    const { name } = props.schedule;
    const resumed = await send<ResumedView>('POST', `${scheduleAt(name)}/resume`, { run_missed: runMissed() }, key);
    void queries.invalidateQueries({ queryKey: ['schedules'] });
    toast({
      says: t('resume.done', name),
      ...(resumed.backfill && { href: `${scheduleHref(name)}/backfills?id=${resumed.backfill}`, link: t('resume.follow') }),
    });
  };
  const choice = (value: boolean, words: string, denied: boolean) => (
    <label
      class={`flex min-h-6 items-center gap-2 ${denied ? 'text-muted' : ''}`}
      title={denied ? shared('denied.control', 'run:start') : ''}
    >
      <input
        type="radio"
        name="missed"
        class="size-4 accent-accent"
        disabled={denied}
        checked={runMissed() === value}
        onChange={() => setRunMissed(value)}
      />
      <span>
        {words}
        {denied ? ` · ${shared('denied.control', 'run:start')}` : ''}
      </span>
    </label>
  );
  return (
    <Confirm
      open={props.open}
      title={t('resume.title', props.schedule.name)}
      effect={t('resume.effect')}
      keep={t('resume.keep')}
      act={t('resume.act')}
      look="main"
      lacks={session.may('schedule:pause') ? undefined : 'schedule:pause'}
      close={props.close}
      run={run}
    >
      {() => (
        <fieldset class="flex flex-col gap-1">
          <legend class="mb-1 font-semibold">{t('resume.what')}</legend>
          <p class="min-h-5 text-muted" role="status">
            {told()}
          </p>
          {choice(false, t('resume.leave'), false)}
          {choice(true, t('resume.run'), !session.may('run:start'))}
        </fieldset>
      )}
    </Confirm>
  );
};
