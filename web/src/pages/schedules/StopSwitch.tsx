import { useQueryClient } from '@tanstack/solid-query';
import { createSignal, Show } from 'solid-js';
import { send } from '../../api/client.ts';
import { useQuery } from '../../api/use-query.ts';
import { ActionButton } from '../../components/ActionButton.tsx';
import { Banner } from '../../components/Banner.tsx';
import { Confirm } from '../../components/Confirm.tsx';
import { isLoaded } from '../../components/Fetched.tsx';
import { PlainText } from '../../components/PlainText.tsx';
import { Timestamp } from '../../components/Timestamp.tsx';
import { toast } from '../../components/Toasts.tsx';
import { useSession } from '../../session/session.tsx';
import { PauseDialog } from './PauseDialog.tsx';
import { stopQuery } from './queries.ts';
import { t } from './words.ts';

/** The switch that stops all schedules at once: a button, and while they are stopped a banner that says by whom, why and until when. */
export const useStopSwitch = () => {
  const session = useSession();
  const queries = useQueryClient();
  const stop = useQuery(() => stopQuery());
  // As it stood when it was asked about: what others do meanwhile does not turn one question into the other.
  const [asking, setAsking] = createSignal<'stop' | 'start' | null>(null);
  const stopped = () => (isLoaded(stop) && stop.data?.stopped ? stop.data : null);
  const lacks = () => (session.may('schedule:edit') ? undefined : 'schedule:edit');
  const put = async (body: object, said: string, key: string) => {
    queries.setQueryData(stopQuery().queryKey, await send('PUT', '/schedule-switch', body, key));
    void queries.invalidateQueries({ queryKey: ['schedules'] });
    toast({ says: said });
  };
  const close = () => setAsking(null);
  const barred = () => (isLoaded(stop) ? undefined : t('stop.unknown'));

  const StopButton = () => (
    <Show when={!stopped()}>
      <ActionButton words={t('stop.stop')} run={() => setAsking('stop')} lacks={lacks()} barred={barred()} />
    </Show>
  );
  const StopBanner = () => (
    <>
      <Show when={stop.isError}>
        <div class="-mx-4 md:-mx-6">
          <Banner tone="warning">
            <span class="min-w-0 flex-1">{t(isLoaded(stop) ? 'stop.not_known_now' : 'stop.unknown')}</span>
            <button type="button" class="button" onClick={() => void stop.refetch()}>
              {t('stop.again')}
            </button>
          </Banner>
        </div>
      </Show>
      <Show when={stopped()}>
        {(held) => (
          <div class="-mx-4 md:-mx-6">
            <Banner tone="warning">
              <span class="min-w-0 flex-1">
                <span class="font-semibold">{t('stop.banner', held().by ?? '')}</span>{' '}
                <Show when={held().note}>{(note) => <PlainText text={note()} />}</Show>{' '}
                <Show when={held().since}>
                  {t('state.since')} <Timestamp at={held().since} />
                </Show>{' '}
                <Show when={held().until}>
                  {t('state.until')} <Timestamp at={held().until} />
                </Show>
              </span>
              <ActionButton words={t('stop.start')} run={() => setAsking('start')} lacks={lacks()} />
            </Banner>
          </div>
        )}
      </Show>
      <Confirm
        open={asking() === 'start'}
        title={t('stop.start_title')}
        effect={t('stop.start_effect')}
        keep={t('stop.start_keep')}
        act={t('stop.start_act')}
        look="main"
        lacks={lacks()}
        close={close}
        run={(key) => put({ stopped: false }, t('stop.started'), key)}
      />
      <PauseDialog
        open={asking() === 'stop'}
        title={t('stop.title')}
        effect={t('stop.effect')}
        keep={t('stop.keep')}
        act={t('stop.act')}
        permission="schedule:edit"
        close={close}
        run={(body, key) => put({ stopped: true, ...body }, t('stop.done'), key)}
      />
    </>
  );
  return { StopButton, StopBanner };
};
