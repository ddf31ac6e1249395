import { useQueryClient } from '@tanstack/solid-query';
import { createSignal, Match, Switch } from 'solid-js';
import { send } from '../../api/client.ts';
import { Confirm } from '../../components/Confirm.tsx';
import { ReasonField } from '../../components/ReasonField.tsx';
import { toast } from '../../components/Toasts.tsx';
import { whenChanged } from '../../solid.ts';
import { queueAt } from './queries.ts';
import type { QueueView } from './views.ts';
import { t } from './words.ts';

/** Pauses the queue that is asked about, or lets it go on where it is paused. */
export const HoldQueue = (props: { queue: QueueView | null; close: () => void }) => {
  const queries = useQueryClient();
  const [note, setNote] = createSignal('');
  const steer = async (name: string, move: 'pause' | 'resume', key: string) => {
    await send('POST', `${queueAt(name)}/${move}`, move === 'resume' || note().trim() === '' ? {} : { note: note().trim() }, key);
    void queries.invalidateQueries({ queryKey: ['queues'] });
    toast({ says: t(move === 'pause' ? 'pause.done' : 'resume.done', name) });
  };
  whenChanged(
    () => props.queue,
    () => setNote(''),
  );
  const field = () => <ReasonField label={t('pause.note')} value={note()} change={setNote} />;
  return (
    <Switch>
      <Match when={props.queue?.paused ? props.queue : null}>
        {(queue) => (
          <Confirm
            open
            title={t('resume.title', queue().name)}
            effect={t('resume.effect')}
            keep={t('resume.keep')}
            act={t('resume.act')}
            look="main"
            close={props.close}
            run={(key) => steer(queue().name, 'resume', key)}
          />
        )}
      </Match>
      <Match when={props.queue && !props.queue.paused ? props.queue : null}>
        {(queue) => (
          <Confirm
            open
            title={t('pause.title', queue().name)}
            effect={`${t('pause.effect', queue().depth?.total ?? 0)}${queue().capability === 'bookkeeping' ? ` ${t('pause.bookkeeping')}` : ''}`}
            keep={t('pause.keep')}
            act={t('pause.act')}
            close={props.close}
            run={(key) => steer(queue().name, 'pause', key)}
          >
            {field}
          </Confirm>
        )}
      </Match>
    </Switch>
  );
};
