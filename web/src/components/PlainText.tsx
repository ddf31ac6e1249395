import { createSignal, Show } from 'solid-js';
import { t } from '../words.ts';
import { visible } from './visible.ts';

const FIRST = 2_000;
const STEP = 20_000;
const MOST = 200_000;

const cutAt = (text: string, length: number): string => text.slice(0, length);

/** A foreign text of any length as bounded text: control characters are seen, nothing in it turns its surroundings, and more of it comes when asked for. */
export const PlainText = (props: { text: string; first?: number; class?: string }) => {
  const [more, setMore] = createSignal(0);
  const shown = () => Math.min(MOST, (props.first ?? FIRST) + more());
  const rest = () => props.text.length - shown();
  return (
    <>
      <bdi class={`break-words whitespace-pre-wrap ${props.class ?? ''}`}>
        {visible(cutAt(props.text, shown()))}
        {rest() > 0 ? '…' : ''}
      </bdi>
      <Show when={rest() > 0 && shown() < MOST}>
        {' '}
        <button type="button" class="link min-h-6 px-1" onClick={() => setMore(more() + STEP)}>
          {t('text.more', rest())}
        </button>
      </Show>
      <Show when={rest() > 0 && shown() >= MOST}>
        {' '}
        <span class="text-muted">{t('text.rest', rest())}</span>
      </Show>
    </>
  );
};
