import { useQueryClient } from '@tanstack/solid-query';
import { STATUS_LOOK } from '#jobs/run-state.ts';
import { send } from '../../api/client.ts';
import { useQuery } from '../../api/use-query.ts';
import { isLoaded } from '../../components/Fetched.tsx';
import { toast } from '../../components/Toasts.tsx';
import { conditionsOf, type ScheduleFilter } from './filter.ts';
import { PauseDialog } from './PauseDialog.tsx';
import type { ManyView } from './views.ts';
import { t } from './words.ts';

const HEADS = {
  q: 'schedules.find',
  state: 'column.state',
  job: 'column.job',
  timezone: 'column.zone',
  client: 'schedule.client',
  last_status: 'column.last',
  calendar: 'schedule.calendars',
} as const;

const wordsOf = (filter: ScheduleFilter): string =>
  conditionsOf(filter)
    .map(
      (name) => `${t(HEADS[name])}: ${name === 'last_status' ? STATUS_LOOK[filter[name] as keyof typeof STATUS_LOOK].word : filter[name]}`,
    )
    .join(', ');

/** Pauses every schedule that a filter means, after saying how many those are. */
export const PauseMany = (props: { open: boolean; filter: ScheduleFilter; close: () => void }) => {
  const queries = useQueryClient();
  const meant = () => Object.fromEntries(conditionsOf(props.filter).map((name) => [name, props.filter[name]]));
  const looked = useQuery(() => ({
    queryKey: ['schedules-to-pause', meant()],
    queryFn: () => send<ManyView>('POST', '/schedules/pause', { filter: meant(), dry_run: true }),
    enabled: props.open,
    staleTime: 0,
    gcTime: 0,
  }));
  const count = () => (isLoaded(looked) && !looked.isFetching ? (looked.data?.count ?? null) : null);
  const barred = () => {
    if (count() === null) return looked.isError ? looked.error?.message : t('pause.many_counting');
    return count() === 0 ? t('schedules.no_match') : undefined;
  };
  const run = async (body: object, key: string) => {
    const { count: paused } = await send<ManyView>('POST', '/schedules/pause', { ...body, filter: meant() }, key);
    void queries.invalidateQueries({ queryKey: ['schedules'] });
    toast({ says: t('pause.many_done', paused) });
  };
  return (
    <PauseDialog
      open={props.open}
      title={count() === null ? t('pause.many_counting') : t('pause.many_title', count() ?? 0)}
      effect={t('pause.many_effect', wordsOf(props.filter))}
      keep={t('pause.many_keep')}
      act={t('pause.many_act', count() ?? 0)}
      permission="schedule:pause"
      barred={barred()}
      close={props.close}
      run={run}
    />
  );
};
