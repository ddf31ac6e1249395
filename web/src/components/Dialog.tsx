import { Dialog as Layer } from '@kobalte/core/dialog';
import X from 'lucide-solid/icons/x';
import type { ParentProps } from 'solid-js';
import { t } from '../words.ts';

/** A question over the page: named, closed by Escape, focus kept inside and given back. The first button inside should be the safe one. */
export const Dialog = (props: ParentProps<{ open: boolean; title: string; close: () => void }>) => (
  <Layer open={props.open} onOpenChange={(open) => open || props.close()}>
    <Layer.Portal>
      <Layer.Overlay class="fixed inset-0 z-40 bg-text/40" />
      <div class="fixed inset-0 z-50 flex items-start justify-center overflow-y-auto p-4 md:pt-24">
        <Layer.Content class="layer w-full max-w-dialog p-6">
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
