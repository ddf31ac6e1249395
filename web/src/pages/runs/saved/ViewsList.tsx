import { A } from '@solidjs/router';
import Pencil from 'lucide-solid/icons/pencil';
import { For, type JSX, Show } from 'solid-js';
import { IconButton } from '../../../components/IconButton.tsx';
import { visible } from '../../../components/visible.ts';
import { useSession } from '../../../session/session.tsx';
import { RUNS_STATE } from '../page-state.ts';
import type { SavedView } from '../views.ts';
import { t } from '../words.ts';

interface ViewsListProps {
  readonly views: readonly SavedView[];
  /** The query string of the page as it is. */
  readonly search: string;
  readonly edit: (view: SavedView) => void;
  /** Called when one is followed. */
  readonly picked: () => void;
}

const QUICK = [
  { id: 'failed', words: 'views.failed_today', search: () => 'status=failed,timed_out,missed,lost&since=24h' },
  { id: 'retrying', words: 'views.retrying', search: () => 'status=retrying' },
  { id: 'approval', words: 'views.approval', search: () => 'status=waiting,paused' },
  { id: 'running', words: 'views.running', search: () => 'status=running,retrying' },
  { id: 'mine', words: 'views.mine', search: (user: string) => `created_by=${encodeURIComponent(user)}` },
] as const;

/** A query string in the one spelling of what it says, whatever it holds. */
const sameSearch = (search: string): string => RUNS_STATE.write({ ...RUNS_STATE.parse(search).value, from: 'start', op: '' });

/** Ways of looking at the list: those at hand for everyone, one's own, and those that others share. */
export const ViewsList = (props: ViewsListProps) => {
  const session = useSession();
  const me = () => session.me()?.user.name ?? '';
  const now = () => sameSearch(props.search);
  const isNow = (search: string) => sameSearch(search) === now();
  const mine = () => props.views.filter(({ owner }) => owner === me());
  const others = () => props.views.filter(({ owner }) => owner !== me());
  return (
    <>
      <Group title={t('views.quick')}>
        <For each={QUICK}>
          {({ words, search }) => (
            <li>
              <ViewLink words={t(words)} search={search(me())} current={isNow(search(me()))} picked={props.picked} />
            </li>
          )}
        </For>
      </Group>
      <Group title={t('views.own')}>
        <For each={mine()} fallback={<li class="px-2 text-muted">{t('views.none')}</li>}>
          {(view) => (
            <li class="flex items-center">
              <ViewLink
                words={view.name}
                search={view.search}
                current={isNow(view.search)}
                hint={view.is_default ? t('views.is_default') : undefined}
                picked={props.picked}
              />
              <Edit view={view} edit={props.edit} />
            </li>
          )}
        </For>
      </Group>
      <Show when={others().length > 0}>
        <Group title={t('views.shared')}>
          <For each={others()}>
            {(view) => (
              <li class="flex items-center">
                <ViewLink
                  words={t('views.by', view.name, view.owner)}
                  search={view.search}
                  current={isNow(view.search)}
                  hint={view.is_default ? t('views.is_default') : undefined}
                  picked={props.picked}
                />
                <Edit view={view} edit={props.edit} />
              </li>
            )}
          </For>
        </Group>
      </Show>
    </>
  );
};

const Group = (props: { title: string; children: JSX.Element }) => (
  <div class="mb-3">
    <h3 class="px-2 py-1 text-meta text-muted">{props.title}</h3>
    <ul>{props.children}</ul>
  </div>
);

const ViewLink = (props: { words: string; search: string; current: boolean; hint?: string | undefined; picked: () => void }) => (
  <A
    href={`/runs?${props.search}`}
    noScroll
    onClick={() => props.picked()}
    class={`flex min-h-8 min-w-0 flex-1 items-center gap-2 rounded-control px-2 hover:bg-bg2 ${props.current ? 'bg-selected font-semibold' : ''}`}
    aria-current={props.current ? 'true' : undefined}
  >
    <bdi class="truncate" title={visible(props.words)}>
      {visible(props.words)}
    </bdi>
    <Show when={props.hint}>
      <span class="shrink-0 text-meta text-muted">{props.hint}</span>
    </Show>
  </A>
);

const Edit = (props: { view: SavedView; edit: (view: SavedView) => void }) => (
  <IconButton small label={t('views.edit', props.view.name)} press={() => props.edit(props.view)}>
    <Pencil size={16} />
  </IconButton>
);
