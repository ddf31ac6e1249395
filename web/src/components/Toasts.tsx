import { A } from '@solidjs/router';
import X from 'lucide-solid/icons/x';
import { createSignal, For, Show } from 'solid-js';
import { t } from '../words.ts';
import { IconButton } from './IconButton.tsx';
import { PlainText } from './PlainText.tsx';

interface Toast {
  readonly says: string;
  readonly href?: string;
  readonly link?: string;
  readonly failed?: boolean;
}

const [toasts, setToasts] = createSignal<readonly Toast[]>([]);
const remove = (toast: Toast) => setToasts((all) => all.filter((one) => one !== toast));

const SHOWN = 4;
const FIRST = 400;

/** As many as have room; what failed is never pushed out by what did not. */
const fitting = (all: readonly Toast[]): readonly Toast[] => {
  const surplus = all.findIndex(({ failed }) => !failed);
  return all.length <= SHOWN || surplus < 0 ? all : fitting(all.toSpliced(surplus, 1));
};

/** Says in passing what was done, in the past tense; a failure stays until it is closed. */
export const toast = (said: Toast): void => {
  setToasts((all) => fitting([...all, said]));
  if (!said.failed) setTimeout(() => remove(said), 6000);
};

/** Where toasts appear; one a page. */
export const Toasts = () => (
  <div class="pointer-events-none fixed right-4 bottom-4 left-4 z-50 flex max-h-dvh flex-col items-end gap-2 overflow-y-auto" role="status">
    <For each={toasts()}>
      {(one) => (
        <div class={`layer pointer-events-auto flex max-w-full items-center gap-3 py-1 pr-1 pl-4 ${one.failed ? 'bg-failure' : ''}`}>
          <span class="min-w-0">
            <PlainText text={one.says} first={FIRST} />
          </span>
          <Show when={one.href}>
            {(href) => (
              <A class="link font-semibold" href={href()} onClick={() => remove(one)}>
                {one.link}
              </A>
            )}
          </Show>
          <IconButton label={t('dialog.close')} press={() => remove(one)}>
            <X size={16} />
          </IconButton>
        </div>
      )}
    </For>
  </div>
);
