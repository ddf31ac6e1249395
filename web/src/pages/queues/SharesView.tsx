import { useQueryClient } from '@tanstack/solid-query';
import { createSignal, For, Show } from 'solid-js';
import { send } from '../../api/client.ts';
import { useQuery } from '../../api/use-query.ts';
import { ActionButton } from '../../components/ActionButton.tsx';
import { Confirm } from '../../components/Confirm.tsx';
import { CutNote } from '../../components/CutNote.tsx';
import { Empty } from '../../components/Empty.tsx';
import { Fetched } from '../../components/Fetched.tsx';
import { Field } from '../../components/Field.tsx';
import { type Column, Table } from '../../components/Table.tsx';
import { Timestamp } from '../../components/Timestamp.tsx';
import { toast } from '../../components/Toasts.tsx';
import { useSession } from '../../session/session.tsx';
import { t as shared } from '../../words.ts';
import { weightsQuery } from './queries.ts';
import type { WeightView } from './views.ts';
import { t } from './words.ts';

const WAYS = ['change', 'remove'] as const;

const weightAt = (client: string): string => `/queues/weights/${encodeURIComponent(client)}`;

/** Which clients get more or less than the usual share of full queues, and the way to say so. */
export const SharesView = () => {
  const session = useSession();
  const queries = useQueryClient();
  const weights = useQuery(() => weightsQuery());
  const [asked, setAsked] = createSignal<{ readonly client: string; readonly isNew: boolean } | null>(null);
  const [removed, setRemoved] = createSignal<WeightView | null>(null);
  const [client, setClient] = createSignal('');
  const [weight, setWeight] = createSignal('');
  const lacks = () => (session.may('queue:edit') ? undefined : 'queue:edit');
  const ask = (of: WeightView | null) => {
    setClient(of?.client ?? '');
    setWeight(of ? String(of.weight) : '2');
    setAsked({ client: of?.client ?? '', isNew: of === null });
  };
  const save = async (key: string) => {
    const typed = weight().trim();
    await send('PUT', weightAt(client().trim()), { weight: typed !== '' && Number.isFinite(Number(typed)) ? Number(typed) : typed }, key);
    void queries.invalidateQueries({ queryKey: ['queues', 'weights'] });
    toast({ says: t('share.done', client().trim()) });
  };
  const remove = async (one: WeightView, key: string) => {
    await send('DELETE', weightAt(one.client), undefined, key);
    void queries.invalidateQueries({ queryKey: ['queues', 'weights'] });
    toast({ says: t('share.removed', one.client) });
  };
  const columns: readonly Column<WeightView>[] = [
    { head: t('share.client'), cell: (one) => <span class="font-semibold break-words">{one.client}</span> },
    { head: t('share.weight'), cell: (one) => one.weight },
    {
      head: t('share.changed'),
      cell: (one) => (
        <span class="text-muted">
          <Timestamp at={one.updated_at} /> {one.updated_by}
        </span>
      ),
    },
    {
      head: t('queue.act'),
      quiet: true,
      cell: (one) => (
        <span class="flex justify-end gap-4">
          <For each={WAYS}>
            {(way) => (
              <button
                type="button"
                class="link min-h-6"
                aria-label={`${t(`share.${way}`)} ${one.client}`}
                aria-disabled={lacks() ? 'true' : undefined}
                title={lacks() && shared('denied.control', lacks() ?? '')}
                onClick={() => lacks() || (way === 'change' ? ask(one) : setRemoved(one))}
              >
                {t(`share.${way}`)}
              </button>
            )}
          </For>
        </span>
      ),
    },
  ];
  const Add = () => <ActionButton words={t('share.add')} run={() => ask(null)} lacks={lacks()} />;
  return (
    <div class="mt-4">
      <p class="mb-4 max-w-column text-muted">{t('share.says')}</p>
      <Fetched
        query={weights}
        skeleton="h-40"
        isEmpty={({ items }) => items.length === 0}
        empty={
          <Empty says={t('share.none')}>
            <Add />
          </Empty>
        }
      >
        {(all) => (
          <>
            <div class="mb-3">
              <Add />
            </div>
            <Table caption={t('share.caption')} columns={columns} items={all().items} />
            <CutNote of={all()} />
          </>
        )}
      </Fetched>
      <Confirm
        open={asked() !== null}
        title={t('share.title')}
        effect={t('share.effect')}
        keep={t('share.keep')}
        act={t('share.act')}
        look="main"
        lacks={lacks()}
        fieldsFirst
        close={() => setAsked(null)}
        run={save}
      >
        {(problems) => (
          <>
            <Field label={t('share.client')}>
              {(ties) => (
                <input
                  {...ties()}
                  class="input"
                  maxlength={200}
                  readonly={!asked()?.isNew}
                  data-focus-first={asked()?.isNew ? '' : undefined}
                  value={client()}
                  onInput={(event) => setClient(event.currentTarget.value)}
                />
              )}
            </Field>
            <Field label={t('share.weight')} hint={t('share.hint')} error={problems()[0]?.message}>
              {(ties) => (
                <input
                  {...ties()}
                  class="input"
                  inputmode="decimal"
                  data-focus-first={asked()?.isNew ? undefined : ''}
                  value={weight()}
                  onInput={(event) => setWeight(event.currentTarget.value)}
                />
              )}
            </Field>
          </>
        )}
      </Confirm>
      <Show when={removed()}>
        {(one) => (
          <Confirm
            open
            title={t('share.remove_title', one().client)}
            effect={t('share.effect')}
            keep={t('share.keep')}
            act={t('share.remove_act')}
            look="main"
            lacks={lacks()}
            close={() => setRemoved(null)}
            run={(key) => remove(one(), key)}
          />
        )}
      </Show>
    </div>
  );
};
