import { Dialog } from '@kobalte/core/dialog';
import { useNavigate } from '@solidjs/router';
import { keepPreviousData } from '@tanstack/solid-query';
import { createMemo, createSignal, createUniqueId, For, onCleanup, Show, untrack } from 'solid-js';
import { useQuery } from '../api/use-query.ts';
import { StatusIcon } from '../components/StatusBadge.tsx';
import { visible } from '../components/visible.ts';
import { BEYOND, RAIL } from '../frame/places.ts';
import { useSession } from '../session/session.tsx';
import { whenChanged } from '../solid.ts';
import { t } from '../words.ts';
import { actionsNow } from './actions.tsx';
import { find } from './find.ts';
import { KeyCaps } from './KeyCaps.tsx';
import { type Group, groupsOf, type Line } from './lines.ts';
import { findJobs, findRuns } from './search.ts';

const PAUSE_MS = 150;

/** Everything by typing: what can be done here, the pages, jobs by name, runs by number, id or reference. */
export const Palette = (props: { typed: string; close: () => void }) => {
  const session = useSession();
  const navigate = useNavigate();
  const list = createUniqueId();
  const [typed, setTyped] = createSignal(untrack(() => props.typed));
  const [asked, setAsked] = createSignal('');
  const [chosen, setChosen] = createSignal(0);
  // The focus that the palette takes must not take away what could be done where it was.
  const actions = untrack(actionsNow).filter(({ quiet, id }) => !quiet && !id.startsWith('go.'));

  let pause: ReturnType<typeof setTimeout> | undefined;
  whenChanged(typed, (text) => {
    clearTimeout(pause);
    pause = setTimeout(() => setAsked(text.trim()), PAUSE_MS);
    setChosen(0);
  });
  onCleanup(() => clearTimeout(pause));

  const jobs = useQuery(() => ({
    queryKey: ['palette', 'jobs', asked()],
    queryFn: ({ signal }: { signal: AbortSignal }) => findJobs(asked(), signal),
    enabled: session.may('job:read') && asked() !== '',
    placeholderData: keepPreviousData,
  }));
  const runs = useQuery(() => ({
    queryKey: ['palette', 'runs', asked()],
    queryFn: ({ signal }: { signal: AbortSignal }) => findRuns(asked(), signal),
    enabled: session.may('run:read') && asked() !== '',
    placeholderData: keepPreviousData,
  }));

  const groups = createMemo((): readonly Group[] => {
    const text = typed().trim();
    const places = [...RAIL, ...BEYOND].filter(({ needs }) => session.may(needs));
    return groupsOf({
      actions: find(actions, text, ({ words }) => words),
      places: find(places, text, ({ word }) => t(word)),
      jobs: text === '' ? [] : (jobs.data ?? []),
      runs: text === '' ? [] : (runs.data ?? []),
    });
  });
  const lines = () => groups().flatMap((group) => group.lines);
  const current = () => lines()[Math.min(chosen(), lines().length - 1)];
  const refusal = () => (typed().trim() === '' ? null : (jobs.error ?? runs.error));
  const busy = () => typed().trim() !== '' && (typed().trim() !== asked() || jobs.isFetching || runs.isFetching);

  const before = document.activeElement;
  let picked: Line | undefined;
  const run = (line: Line | undefined) => {
    if (!line) return;
    picked = line;
    props.close();
  };
  /** The focus goes back to where it was; only then something is done, so that a dialog or page which that opens finds it there and keeps it. */
  const giveBack = (event: Event) => {
    event.preventDefault();
    if (before instanceof HTMLElement) before.focus({ preventScroll: true });
    if (picked?.action) picked.action.run();
    else if (picked) navigate(picked.href);
  };
  const move = (by: number) => {
    const count = lines().length;
    if (count > 0) setChosen((at) => (Math.min(at, count - 1) + by + count) % count);
    document.getElementById(`${list}-${current()?.id}`)?.scrollIntoView({ block: 'nearest' });
  };
  const press = (event: KeyboardEvent) => {
    if (event.isComposing) return;
    const moves: { readonly [key: string]: () => void } = {
      ArrowDown: () => move(1),
      ArrowUp: () => move(-1),
      PageDown: () => move(Math.min(8, lines().length - 1 - chosen())),
      PageUp: () => move(-Math.min(8, chosen())),
      Enter: () => run(current()),
    };
    const act = moves[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  };

  return (
    <Dialog open onOpenChange={(open) => open || props.close()}>
      <Dialog.Portal>
        <Dialog.Overlay class="veil fixed inset-0 z-40" />
        <div class="fixed inset-0 z-50 flex items-start justify-center p-4 md:pt-24">
          <Dialog.Content
            class="layer flex max-h-full w-full max-w-wide flex-col overflow-hidden md:max-h-[70dvh]"
            aria-label={t('palette.title')}
            onCloseAutoFocus={giveBack}
          >
            <Dialog.Title class="sr-only">{t('palette.title')}</Dialog.Title>
            <input
              class="h-12 shrink-0 border-b border-hairline bg-transparent px-4 outline-none"
              type="text"
              role="combobox"
              aria-expanded="true"
              aria-autocomplete="list"
              aria-controls={list}
              aria-activedescendant={current() ? `${list}-${current()?.id}` : undefined}
              aria-label={t('palette.hint')}
              placeholder={t('palette.hint')}
              autocomplete="off"
              spellcheck={false}
              maxlength={200}
              value={typed()}
              onInput={(event) => setTyped(event.currentTarget.value)}
              onKeyDown={press}
            />
            <div id={list} role="listbox" aria-label={t('palette.title')} class="min-h-24 overflow-y-auto p-2">
              <For each={groups()}>
                {(group) => (
                  <div role="group" aria-label={t(group.word)}>
                    <p class="px-3 pt-2 pb-1 text-meta text-muted" aria-hidden="true">
                      {t(group.word)}
                    </p>
                    <For each={group.lines}>
                      {(line) => (
                        <button
                          type="button"
                          tabindex="-1"
                          id={`${list}-${line.id}`}
                          role="option"
                          aria-selected={current()?.id === line.id}
                          class="flex min-h-8 w-full items-center text-left gap-3 rounded-control px-3 py-1 aria-selected:bg-selected"
                          onPointerMove={() => setChosen(lines().indexOf(line))}
                          onClick={() => run(line)}
                        >
                          <Show when={line.status}>{(status) => <StatusIcon status={status()} />}</Show>
                          <bdi class="min-w-0 flex-1 truncate">{visible(line.words)}</bdi>
                          <Show when={line.more}>
                            {(more) => <bdi class="max-w-1/2 truncate text-meta text-muted">{visible(more())}</bdi>}
                          </Show>
                          <Show when={line.keys}>{(keys) => <KeyCaps keys={keys()} />}</Show>
                        </button>
                      )}
                    </For>
                  </div>
                )}
              </For>
            </div>
            <p role="status" class="px-5 pb-3 text-meta text-muted empty:hidden">
              <Show when={!busy() && refusal()} fallback={busy() ? t('palette.searching') : lines().length === 0 ? t('palette.none') : ''}>
                {(error) => t('palette.failed', visible(error().message.slice(0, 200)))}
              </Show>
            </p>
          </Dialog.Content>
        </div>
      </Dialog.Portal>
    </Dialog>
  );
};
