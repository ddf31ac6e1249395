import { A } from '@solidjs/router';
import { useQueryClient } from '@tanstack/solid-query';
import X from 'lucide-solid/icons/x';
import { createSignal, For, Show } from 'solid-js';
import { RUN_BULK_ACTIONS, type RunBulkAction } from '#jobs/bulk.ts';
import { send } from '../../../api/client.ts';
import { createKeys } from '../../../api/key-of.ts';
import { useQuery } from '../../../api/use-query.ts';
import { ActionButton } from '../../../components/ActionButton.tsx';
import { Fetched } from '../../../components/Fetched.tsx';
import { IconButton } from '../../../components/IconButton.tsx';
import { ProgressBar } from '../../../components/ProgressBar.tsx';
import { toast } from '../../../components/Toasts.tsx';
import { useSession } from '../../../session/session.tsx';
import { bulkFailuresQuery, bulkQuery } from '../queries.ts';
import { Line } from '../RunParts.tsx';
import type { BulkView } from '../views.ts';
import { t } from '../words.ts';
import { NEEDS } from './actions.ts';

const isRunAction = (action: string): action is RunBulkAction => (RUN_BULK_ACTIONS as readonly string[]).includes(action);

/** How far an operation on many is, as its own address says; it can be stopped, and leads to what it touched. */
export const BulkStrip = (props: { id: string; dismiss: () => void }) => {
  const query = useQuery(() => bulkQuery(props.id));
  return (
    <section class="-mx-4 border-y border-hairline bg-selected px-4 py-1 md:-mx-6 md:px-6" aria-label={t('filter.bulk')}>
      <Fetched query={query} skeleton="h-8">
        {(bulk) => <Progress bulk={bulk()} dismiss={props.dismiss} />}
      </Fetched>
    </section>
  );
};

const Progress = (props: { bulk: BulkView; dismiss: () => void }) => {
  const queries = useQueryClient();
  const session = useSession();
  const [asked, setAsked] = createSignal(false);
  const [busy, setBusy] = createSignal(false);
  const permission = () => (isRunAction(props.bulk.action) ? NEEDS[props.bulk.action] : 'run:steer');
  const lacks = () => (session.may(permission()) ? undefined : permission());
  const isRunning = () => props.bulk.status === 'running';
  const title = () => {
    const count = t('bulk.runs', props.bulk.total);
    return isRunAction(props.bulk.action) ? t(`bulk.strip_${props.bulk.action}`, count) : t('bulk.strip_other', count);
  };
  const keys = createKeys();
  const tell = async (what: 'cancel' | 'retry') => {
    setBusy(true);
    try {
      const path = `/bulk/${props.bulk.id}/${what}`;
      const told = await send<BulkView>('POST', path, undefined, keys.of(path));
      keys.done(path);
      queries.setQueryData(bulkQuery(props.bulk.id).queryKey, told);
      if (what === 'cancel') toast({ says: t('bulk.aborted') });
      void queries.invalidateQueries({ queryKey: ['bulk', props.bulk.id] });
    } catch (problem) {
      toast({ says: (problem as Error).message, failed: true });
    }
    setBusy(false);
  };
  return (
    <>
      <div class="flex min-h-8 flex-wrap items-center gap-x-4 gap-y-1">
        <span class="font-semibold">{title()}</span>
        <ProgressBar label={title()} done={props.bulk.progress} of={100} class="w-40 bg-bg0 text-accent" />
        <span class="text-muted" role="status">
          {t('bulk.state', props.bulk.done, props.bulk.failed, isRunning() ? props.bulk.total - props.bulk.done - props.bulk.failed : 0)}
          {props.bulk.status === 'cancelled' ? ` · ${t('bulk.stopped')}` : ''}
        </span>
        <Show when={isRunning()}>
          <ActionButton words={t('bulk.abort')} busy={busy()} lacks={lacks()} run={() => tell('cancel')} />
        </Show>
        <A class="link" href={`/runs?bulk=${props.bulk.id}&op=${props.bulk.id}`}>
          {t('bulk.show')}
        </A>
        <Show when={props.bulk.failed > 0}>
          <button type="button" class="link min-h-6" aria-expanded={asked()} onClick={() => setAsked(!asked())}>
            {t('bulk.why')}
          </button>
          <Show when={!isRunning()}>
            <ActionButton words={t('bulk.again')} busy={busy()} lacks={lacks()} run={() => tell('retry')} />
          </Show>
        </Show>
        <Show when={!isRunning()}>
          <IconButton class="ml-auto" label={t('bulk.dismiss')} press={() => props.dismiss()}>
            <X size={16} />
          </IconButton>
        </Show>
      </div>
      <Show when={asked()}>
        <Failures id={props.bulk.id} />
      </Show>
    </>
  );
};

const Failures = (props: { id: string }) => {
  const query = useQuery(() => bulkFailuresQuery(props.id));
  return (
    <Fetched query={query} skeleton="h-16">
      {(items) => (
        <ul class="max-h-40 list-disc overflow-y-auto pb-2 pl-5 text-table">
          <For each={items()}>
            {(item) => (
              <li class="break-words">
                <A class="link" href={`/runs/${item.subject}`}>
                  {item.subject.slice(0, 4)}…{item.subject.slice(-4)}
                </A>{' '}
                <Line text={item.error} />
              </li>
            )}
          </For>
        </ul>
      )}
    </Fetched>
  );
};
