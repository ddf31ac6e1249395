import { useQueryClient } from '@tanstack/solid-query';
import { createSignal, Match, Switch } from 'solid-js';
import { send } from '../../api/client.ts';
import { toast } from '../../components/Toasts.tsx';
import { whenChanged } from '../../solid.ts';
import { PauseDialog } from './PauseDialog.tsx';
import { scheduleAt } from './queries.ts';
import { ResumeDialog } from './ResumeDialog.tsx';
import type { ScheduleSummary } from './views.ts';
import { t } from './words.ts';

/** Pauses the schedule that is asked about, or lets it go on where it is paused; what others do to it meanwhile does not turn one question into the other. */
export const HoldDialogs = (props: { schedule: ScheduleSummary | null; close: () => void }) => {
  const queries = useQueryClient();
  const [asked, setAsked] = createSignal(props.schedule);
  whenChanged(
    () => props.schedule?.name ?? null,
    () => setAsked(props.schedule),
  );
  const pause = async (name: string, body: object, key: string) => {
    await send('POST', `${scheduleAt(name)}/pause`, body, key);
    void queries.invalidateQueries({ queryKey: ['schedules'] });
    toast({ says: t('pause.done', name) });
  };
  return (
    <Switch>
      <Match when={asked()?.pause ? asked() : null}>{(schedule) => <ResumeDialog schedule={schedule()} open close={props.close} />}</Match>
      <Match when={asked()?.pause === null ? asked() : null}>
        {(schedule) => (
          <PauseDialog
            open
            title={t('pause.title', schedule().name)}
            effect={t('pause.effect')}
            keep={t('pause.keep')}
            act={t('pause.act')}
            permission="schedule:pause"
            close={props.close}
            run={(body, key) => pause(schedule().name, body, key)}
          />
        )}
      </Match>
    </Switch>
  );
};
