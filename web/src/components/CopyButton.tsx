import Check from 'lucide-solid/icons/check';
import Copy from 'lucide-solid/icons/copy';
import { createSignal, Show } from 'solid-js';
import { t } from '../words.ts';
import { putOnClipboard } from './clipboard.ts';
import { toast } from './Toasts.tsx';

/** Copies a text and says so for two seconds. */
export const CopyButton = (props: { text: string; label?: string; class?: string }) => {
  const [done, setDone] = createSignal(false);
  const copy = async () => {
    try {
      await putOnClipboard(props.text);
    } catch {
      toast({ says: t('copy.refused'), failed: true });
      return;
    }
    setDone(true);
    setTimeout(() => setDone(false), 2000);
  };
  const label = () => (done() ? t('copy.done') : (props.label ?? t('copy.copy')));
  return (
    <button type="button" class={`icon-button ${props.class ?? ''}`} title={label()} aria-label={label()} onClick={copy}>
      <Show when={done()} fallback={<Copy size={16} />}>
        <Check size={16} />
      </Show>
    </button>
  );
};
