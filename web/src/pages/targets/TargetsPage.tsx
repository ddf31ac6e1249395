import { useNavigate } from '@solidjs/router';
import { useQueryClient } from '@tanstack/solid-query';
import { createSignal, Match, Show, Switch } from 'solid-js';
import { useActions } from '../../actions/actions.tsx';
import { targetsQuery } from '../../api/queries.ts';
import type { ListedTarget } from '../../api/views.ts';
import { ActionButton } from '../../components/ActionButton.tsx';
import { Empty } from '../../components/Empty.tsx';
import { isLoaded } from '../../components/Fetched.tsx';
import { SearchedList } from '../../components/searched/SearchedList.tsx';
import { useSearched } from '../../components/searched/use-searched.ts';
import { toast } from '../../components/Toasts.tsx';
import { type TableSteer, VirtualTable } from '../../components/VirtualTable.tsx';
import { Page } from '../../frame/Page.tsx';
import { usePreferences } from '../../preferences/preferences.ts';
import { useSession } from '../../session/session.tsx';
import { createEffect } from '../../solid.ts';
import { type ChangeName, ChangeTargets } from './ChangeTargets.tsx';
import { ChosenBar } from './ChosenBar.tsx';
import { useChosenTargets } from './chosen-targets.ts';
import { testTargets } from './queries.ts';
import { TestTargets } from './TestTargets.tsx';
import { hrefOfTarget, targetColumns } from './target-columns.tsx';
import { t } from './words.ts';

const ROW = { comfortable: 40, compact: 32, dense: 24 } as const;
const LOOK_AGAIN_MS = 3_000;

interface Asked {
  readonly what: ChangeName | 'test';
  /** As they stood when it was asked. */
  readonly targets: readonly ListedTarget[];
}

/** Where steps reach: the named connection profiles, how each was found at the last look, and what can be done to many of them. */
export const TargetsPage = () => {
  const session = useSession();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const preferences = usePreferences();
  // Those still being looked at, since when.
  const [pending, setPending] = createSignal<{ readonly names: readonly string[]; readonly since: number } | null>(null);
  const targets = useSearched((text) => ({
    ...targetsQuery(text),
    refetchInterval: pending() === null ? (false as const) : LOOK_AGAIN_MS,
  }));
  const choice = useChosenTargets(targets.items);
  const columns = targetColumns(choice);
  const [active, setActive] = createSignal<string | null>(null);
  const [asked, ask] = createSignal<Asked | null>(null);
  let steer: TableSteer | undefined;
  const lacks = (permission: string) => (session.may(permission) ? undefined : permission);

  const test = async (names: readonly string[]) => {
    const since = Date.now();
    const report = await testTargets(names);
    const well = report.items.filter(({ healthy }) => healthy).length;
    toast({ says: t('targets.tested', well, report.items.length - well, report.pending.length) });
    setPending(report.pending.length > 0 ? { names: report.pending, since } : null);
    await queries.invalidateQueries({ queryKey: ['targets'] });
  };
  createEffect(() => {
    const still = pending();
    if (!still || !isLoaded(targets.query)) return;
    // Those that are not in the list are not waited for: nothing here would show how they were found.
    const isLookedAt = ({ name, last_check }: ListedTarget) =>
      still.names.includes(name) && (last_check === null || Date.parse(last_check.at) < still.since);
    if (!targets.items().some(isLookedAt)) setPending(null);
  });
  const toggle = () => {
    const name = active();
    if (name !== null) choice.toggle(name);
  };
  useActions(() => [
    { id: 'targets.down', words: t('targets.name'), key: 'j', quiet: true, run: () => steer?.move(1) },
    { id: 'targets.up', words: t('targets.name'), key: 'k', quiet: true, run: () => steer?.move(-1) },
    { id: 'targets.choose', words: t('choose.head'), key: 'x', quiet: true, run: toggle },
    { id: 'target.new', words: t('targets.new'), run: () => navigate('/targets/new'), denied: lacks('target:edit') },
  ]);
  const make = () => (
    <ActionButton look="main" words={t('targets.new')} lacks={lacks('target:edit')} run={() => navigate('/targets/new')} />
  );

  return (
    <Page title={t('targets.title')} filled actions={make()}>
      <div class="mt-4 flex min-h-0 flex-1 flex-col">
        <SearchedList
          list={targets}
          label={t('targets.search')}
          skeleton="h-64"
          empty={<Empty says={t('targets.none')}>{make()}</Empty>}
          aside={<Show when={pending()}>{(still) => <> · {t('targets.still', still().names.length)}</>}</Show>}
        >
          {(items) => (
            <>
              <div class="-mx-4 flex min-h-40 flex-1 flex-col md:-mx-6">
                <VirtualTable
                  caption={t('targets.caption')}
                  columns={columns}
                  rows={items()}
                  keyOf={({ name }) => name}
                  rowHeight={ROW[preferences.now().density]}
                  total={targets.isCut() ? null : items().length}
                  place={`targets ${targets.text()}`}
                  active={active()}
                  onActive={setActive}
                  onOpen={({ name }) => navigate(hrefOfTarget(name))}
                  chosen={choice.isChosen}
                  steer={(moves) => {
                    steer = moves;
                  }}
                />
              </div>
              <Show when={choice.names().length > 0}>
                <ChosenBar
                  count={choice.names().length}
                  ask={(what) => ask({ what, targets: items().filter(({ name }) => choice.isChosen(name)) })}
                  none={choice.none}
                />
              </Show>
            </>
          )}
        </SearchedList>
      </div>
      <Show when={asked()} keyed>
        {({ what, targets: chosen }) => (
          <Switch>
            <Match when={what === 'test'}>
              <TestTargets targets={chosen} close={() => ask(null)} run={test} />
            </Match>
            <Match when={what !== 'test'}>
              <ChangeTargets change={what as ChangeName} targets={chosen} close={() => ask(null)} done={choice.none} />
            </Match>
          </Switch>
        )}
      </Show>
    </Page>
  );
};
