import { A } from '@solidjs/router';
import { useQueryClient } from '@tanstack/solid-query';
import { createSignal, For } from 'solid-js';
import { ActionButton } from '../../components/ActionButton.tsx';
import { Confirm } from '../../components/Confirm.tsx';
import { Empty } from '../../components/Empty.tsx';
import { SearchedList } from '../../components/searched/SearchedList.tsx';
import { useSearched } from '../../components/searched/use-searched.ts';
import { type Column, Table } from '../../components/Table.tsx';
import { Timestamp } from '../../components/Timestamp.tsx';
import { toast } from '../../components/Toasts.tsx';
import { Page } from '../../frame/Page.tsx';
import { useSession } from '../../session/session.tsx';
import { type LockView, locksQuery, releaseLock } from './queries.ts';
import { t } from './words.ts';

interface Held {
  readonly key: string;
  readonly run: string;
  readonly number: number | null;
}

/** The keys that are held: by whom, since when, and who waits for them. */
export const LocksPage = () => {
  const session = useSession();
  const queries = useQueryClient();
  const locks = useSearched(locksQuery);
  const [asked, ask] = createSignal<Held | null>(null);
  const lacks = () => (session.may('run:steer') ? undefined : 'run:steer');

  const columns: readonly Column<LockView>[] = [
    { head: t('locks.key'), cell: ({ key }) => <span class="font-mono break-words">{key}</span> },
    {
      head: t('locks.holders'),
      cell: ({ key, holders }) => (
        <ul class="flex flex-col gap-1">
          <For each={holders}>
            {({ run_id, number, step_key, since }) => (
              <li class="flex flex-wrap items-center gap-x-3">
                <A class="link" href={`/runs/${run_id}`}>
                  {t('locks.run', number, step_key)}
                </A>
                <span class="text-muted">
                  <Timestamp at={since} />
                </span>
                <ActionButton
                  words={t('locks.release')}
                  hint={t('locks.release_of', key, number)}
                  lacks={lacks()}
                  run={() => ask({ key, run: run_id, number })}
                />
              </li>
            )}
          </For>
        </ul>
      ),
    },
    {
      head: t('locks.waiting'),
      cell: ({ waiters, waiting }) => (
        <span class="flex flex-wrap gap-x-3">
          <For each={waiters.slice(0, 10)}>
            {({ run_id, number, step_key }) => (
              <A class="link" href={`/runs/${run_id}`}>
                {t('locks.run', number, step_key)}
              </A>
            )}
          </For>
          {waiting > 10 ? `+ ${waiting - 10}` : ''}
        </span>
      ),
    },
  ];
  const release = async (key: string) => {
    const held = asked();
    if (!held) return;
    await releaseLock(held.key, held.run, key);
    toast({ says: t('locks.released', held.key) });
    await queries.invalidateQueries({ queryKey: ['locks'] });
  };

  return (
    <Page title={t('locks.title')} trail={[{ word: t('system.title'), href: '/system' }]}>
      <div class="mt-4">
        <SearchedList list={locks} label={t('locks.search')} skeleton="h-64" empty={<Empty says={t('locks.none')} />}>
          {(items) => <Table caption={t('locks.caption')} columns={columns} items={items()} />}
        </SearchedList>
      </div>
      <Confirm
        open={asked() !== null}
        title={t('locks.release_ask', asked()?.key ?? '')}
        effect={t('locks.release_effect', asked()?.number ?? null)}
        keep={t('locks.keep')}
        act={t('locks.release')}
        look="danger"
        close={() => ask(null)}
        run={release}
      />
    </Page>
  );
};
