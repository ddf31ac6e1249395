import { createMemo, For, type JSX, Show } from 'solid-js';
import { Dialog } from '../components/Dialog.tsx';
import { RAIL } from '../frame/places.ts';
import { usePreferences } from '../preferences/preferences.ts';
import { t } from '../words.ts';
import { actionsNow } from './actions.tsx';
import { KeyCaps } from './KeyCaps.tsx';
import { isMac } from './key-event.ts';

/** Every key that does something now: of this page, and everywhere. */
export const KeysOverlay = (props: { close: () => void }) => {
  const { now, change } = usePreferences();
  // What could be done when it was opened; opening it took the focus away from some of it.
  const known = createMemo(actionsNow);
  const everywhere = new Set<string>(['keys', 'refresh', ...RAIL.map(({ href }) => `go.${href}`)]);
  const keyed = () => known().filter(({ key }) => key !== undefined);
  return (
    <Dialog open wide title={t('keys.title')} close={props.close}>
      <div class="mt-4 grid gap-6 md:grid-cols-2">
        <Show when={keyed().some(({ id }) => !everywhere.has(id))}>
          <Group title={t('keys.here')}>
            <For each={keyed().filter(({ id }) => !everywhere.has(id))}>
              {(action) => <Line words={action.words} keys={action.key ?? ''} />}
            </For>
          </Group>
        </Show>
        <Group title={t('keys.everywhere')}>
          <Line words={t('palette.title')} keys={isMac ? '⌘ K' : 'Ctrl K'} />
          <For each={keyed().filter(({ id }) => everywhere.has(id))}>
            {(action) => <Line words={action.words} keys={action.key ?? ''} />}
          </For>
          <Line words={t('keys.back')} keys="Escape" />
        </Group>
      </div>
      <label class="mt-6 flex min-h-6 items-center gap-2">
        <input
          type="checkbox"
          data-focus-first=""
          checked={now().single_keys}
          onChange={(event) => change({ single_keys: event.currentTarget.checked })}
        />
        {t('keys.single')}
      </label>
    </Dialog>
  );
};

const Group = (props: { title: string; children: JSX.Element }) => (
  <section class="min-w-0">
    <h3 class="mb-2 text-meta text-muted">{props.title}</h3>
    <dl class="flex flex-col gap-2">{props.children}</dl>
  </section>
);

const Line = (props: { words: string; keys: string }) => (
  <div class="flex items-start gap-3">
    <dt class="min-w-0 flex-1 break-words">{props.words}</dt>
    <dd>
      <KeyCaps keys={props.keys} />
    </dd>
  </div>
);
