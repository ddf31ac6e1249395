import { Dialog as Layer } from '@kobalte/core/dialog';
import X from 'lucide-solid/icons/x';
import type { ParentProps } from 'solid-js';
import { t } from '../words.ts';

/** A question over the page: named, closed by Escape, the focus kept inside and given back; it begins at what is marked `data-focus-first`, the safe button or the field to fill. */
export const Dialog = (props: ParentProps<{ open: boolean; title: string; wide?: boolean; close: () => void }>) => {
  let content: HTMLDivElement | undefined;
  let before: Element | null = null;
  const takeFocus = (event: Event) => {
    before = document.activeElement;
    const first = content?.querySelector<HTMLElement>('[data-focus-first]');
    if (!first) return;
    event.preventDefault();
    first.focus();
  };
  const giveBack = (event: Event) => {
    event.preventDefault();
    // What opened it may be gone by what was done.
    const to = before?.isConnected ? before : document.querySelector('h1');
    if (to instanceof HTMLElement) to.focus();
  };
  return (
    <Layer open={props.open} onOpenChange={(open) => open || props.close()}>
      <Layer.Portal>
        <Layer.Overlay class="veil fixed inset-0 z-40" />
        <div class="fixed inset-0 z-50 flex items-start justify-center overflow-y-auto p-4 md:pt-24">
          <Layer.Content
            ref={content}
            class={`layer w-full p-6 ${props.wide ? 'max-w-wide' : 'max-w-dialog'}`}
            onOpenAutoFocus={takeFocus}
            onCloseAutoFocus={giveBack}
          >
            <div class="flex items-start gap-4">
              <Layer.Title class="min-w-0 flex-1 break-words text-section font-semibold">{props.title}</Layer.Title>
              <Layer.CloseButton class="icon-button -mt-1 -mr-2" aria-label={t('dialog.close')}>
                <X size={16} />
              </Layer.CloseButton>
            </div>
            {props.children}
          </Layer.Content>
        </div>
      </Layer.Portal>
    </Layer>
  );
};
