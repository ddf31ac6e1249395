import { createMemo, createSignal, For, Show } from 'solid-js';
import type { LogLine } from '../api/views.ts';
import { zone } from '../time/clock.ts';
import { clockTime } from '../time/instant.ts';
import { t } from '../words.ts';
import { ansiPieces } from './ansi.ts';

const FOLD = 16_384;

const clock = (iso: string): string => {
  const at = new Date(iso);
  return Number.isNaN(at.getTime()) ? '' : `${clockTime(at, zone)}.${String(at.getMilliseconds()).padStart(3, '0')}`;
};

const markOf = (line: LogLine): { sign: string; says: string } | null => {
  if (line.level === 'error') return { sign: '!', says: t('log.error') };
  if (line.stream === 'stderr') return { sign: 'e', says: t('log.stderr') };
  return line.stream === 'system' ? { sign: '▸', says: t('log.system') } : null;
};

/** One line: number, mark of its stream, time, text; control characters visible, long lines folded. */
export const LogRow = (props: { n: number; line: LogLine | undefined; wrap: boolean; target: boolean; newAttempt: boolean }) => {
  const [whole, setWhole] = createSignal(false);
  const text = () => props.line?.text ?? '';
  const pieces = createMemo(() => ansiPieces(whole() ? text() : text().slice(0, FOLD)));
  const mark = () => props.line && markOf(props.line);
  return (
    <div
      class={`flex min-h-5 border-l-2 pr-3 ${props.line?.level === 'error' ? 'border-(--ansi-1)' : 'border-transparent'} ${props.target ? 'bg-hit' : ''} ${props.newAttempt ? 'border-t border-t-control' : ''}`}
    >
      <span class="w-(--gutter) shrink-0 text-right text-muted select-none">{props.n.toLocaleString()}</span>
      <span
        class={`w-5 shrink-0 text-center select-none ${mark()?.sign === '!' ? 'ansi-1 font-semibold' : 'text-muted'}`}
        title={mark()?.says ?? ''}
      >
        {mark()?.sign}
      </span>
      <span class="w-28 shrink-0 text-muted select-none @max-[560px]:hidden">{props.line && clock(props.line.at)}</span>
      <span
        class={`${props.wrap ? 'min-w-0 break-words whitespace-pre-wrap' : 'whitespace-pre'} ${props.line?.stream === 'system' && props.line.level !== 'error' ? 'text-muted' : ''}`}
      >
        <For each={pieces()}>
          {(piece) => (
            <Show when={piece.href} fallback={<span class={piece.look}>{piece.text}</span>}>
              {(href) => (
                <a class={`underline ${piece.look}`} href={href()} target="_blank" rel="noreferrer noopener">
                  {piece.text}
                </a>
              )}
            </Show>
          )}
        </For>
        <Show when={!whole() && text().length > FOLD}>
          <button type="button" class="link" onClick={() => setWhole(true)}>
            {t('log.cut', text().length - FOLD)}
          </button>
        </Show>
      </span>
    </div>
  );
};
