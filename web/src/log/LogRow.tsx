import ChevronDown from 'lucide-solid/icons/chevron-down';
import ChevronRight from 'lucide-solid/icons/chevron-right';
import { createMemo, createSignal, For, Show } from 'solid-js';
import { formatDuration } from '#jobs/duration.ts';
import type { LogLine } from '../api/views.ts';
import { visible } from '../components/visible.ts';
import { whenChanged } from '../solid.ts';
import { zone } from '../time/clock.ts';
import { clockTime, instantTitle } from '../time/instant.ts';
import { grouped } from '../words/counted.ts';
import { ansiPieces } from './ansi.ts';
import { type MarkedPiece, markPieces } from './marks.ts';
import type { LogPlace } from './place.ts';
import type { LogGroup } from './views.ts';
import { t } from './words.ts';

/** Characters of a line that are drawn until more are asked for: a line beyond what is stored as one piece shows less of each of its pieces. */
const FOLD = 16_384;
const FOLD_PIECE = 4_096;

const clock = (iso: string): string => {
  const at = new Date(iso);
  return Number.isNaN(at.getTime()) ? '' : `${clockTime(at, zone())}.${String(at.getMilliseconds()).padStart(3, '0')}`;
};

const two = (value: number): string => String(Math.floor(value)).padStart(2, '0');

/** `+1:02:03.004` since an instant. */
const since = (iso: string, start: string | null): string => {
  const ms = start === null ? Number.NaN : Date.parse(iso) - Date.parse(start);
  if (Number.isNaN(ms)) return '';
  const all = Math.abs(ms);
  const hours = Math.floor(all / 3_600_000);
  const rest = `${two((all / 60_000) % 60)}:${two((all / 1000) % 60)}.${String(all % 1000).padStart(3, '0')}`;
  return `${ms < 0 ? '−' : '+'}${hours === 0 ? '' : `${hours}:`}${rest}`;
};

const markOf = (line: LogLine): { readonly sign: string; readonly says: string } | null => {
  if (line.level === 'error') return { sign: '!', says: t('log.error') };
  if (line.stream === 'stderr') return { sign: 'e', says: t('log.stderr') };
  return line.stream === 'system' ? { sign: '·', says: t('log.system') } : null;
};

/** A command whose lines follow, and whether they are folded away. */
export interface RowGroup {
  readonly group: LogGroup;
  readonly lines: number;
  readonly folded: boolean;
  readonly toggle: () => void;
}

interface LogRowProps {
  readonly n: number | undefined;
  readonly line: LogLine | undefined;
  readonly wrap: boolean;
  readonly time: LogPlace['time'];
  /** What relative times count from. */
  readonly start: string | null;
  readonly selected: boolean;
  readonly hit: 'current' | 'line' | null;
  /** What is to be marked in the text, '' for nothing. */
  readonly find: string;
  readonly matchCase: boolean;
  /** The number of the attempt that begins with this line. */
  readonly begins: number | null;
  readonly group: RowGroup | undefined;
}

const backgroundOf = (props: LogRowProps): string => {
  if (props.selected && props.hit !== 'current') return 'log-chosen bg-selected';
  return props.hit === null ? '' : 'log-hit bg-hit';
};

/** One line: number, mark of its stream, time, text; control characters visible, long lines folded. */
export const LogRow = (props: LogRowProps) => {
  const [whole, setWhole] = createSignal(false);
  // Rows are drawn again with other lines, which were not asked for whole.
  whenChanged(
    () => props.n,
    () => setWhole(false),
    'later',
  );
  const text = () => props.line?.text ?? '';
  const fold = () => (props.line?.continued ? FOLD_PIECE : FOLD);
  const pieces = createMemo(() => markPieces(ansiPieces(whole() ? text() : text().slice(0, fold())), props.find, props.matchCase));
  // Where the words that were found are not known, all of the line gone to is marked.
  const isMarked = (piece: MarkedPiece) => piece.hit || (props.hit === 'current' && props.find === '');
  const lookOf = (piece: MarkedPiece) => {
    if (!isMarked(piece)) return piece.look;
    return `${piece.look} log-mark text-text ${props.hit === 'current' ? 'bg-hit-current' : 'bg-hit'}`;
  };
  const mark = () => props.line && markOf(props.line);
  const time = () => {
    if (!props.line) return '';
    return props.time === 'clock' ? clock(props.line.at) : since(props.line.at, props.start);
  };
  return (
    <div
      class={`flex min-h-5 border-l-2 pr-3 ${props.line?.level === 'error' ? 'border-(--ansi-1)' : 'border-transparent'} ${backgroundOf(props)} ${props.begins !== null ? 'shadow-[inset_0_1px_0_var(--control)]' : ''}`}
      title={props.begins === null ? undefined : t('log.attempt_begins', props.begins)}
    >
      <span
        data-number={props.n}
        class="w-(--gutter) shrink-0 cursor-pointer text-right text-muted select-none hover:text-text hover:underline"
      >
        {props.n === undefined ? '' : grouped(props.n)}
        <Show when={props.selected}>
          <span class="sr-only"> {t('log.chosen')}</span>
        </Show>
      </span>
      <Show
        when={props.group}
        fallback={
          <span
            class={`w-6 shrink-0 text-center select-none ${mark()?.sign === '!' ? 'ansi-1 font-semibold' : 'text-muted'}`}
            title={mark()?.says}
          >
            {mark()?.sign}
          </span>
        }
      >
        {(group) => (
          <button
            type="button"
            class="flex h-5 w-6 shrink-0 items-center justify-center text-muted select-none hover:text-text"
            aria-expanded={!group().folded}
            aria-label={t(group().folded ? 'log.unfold' : 'log.fold', visible(group().group.command))}
            onClick={() => group().toggle()}
          >
            {group().folded ? <ChevronRight size={14} /> : <ChevronDown size={14} />}
          </button>
        )}
      </Show>
      <Show when={props.time !== 'none'}>
        <span
          class="w-28 shrink-0 text-muted select-none @max-[560px]:hidden"
          onPointerEnter={(event) => {
            // Told when it is looked at, not reckoned for every line that is scrolled past.
            if (props.line) event.currentTarget.title = instantTitle(props.line.at, zone(), null);
          }}
        >
          {time()}
        </span>
      </Show>
      <span
        data-text=""
        class={`${props.wrap ? 'min-w-0 break-words whitespace-pre-wrap' : 'whitespace-pre'} ${props.group ? 'font-semibold' : props.line?.stream === 'system' && props.line.level !== 'error' ? 'text-muted' : ''}`}
      >
        <For each={pieces()}>
          {(piece) => (
            <Show when={piece.href} fallback={<span class={lookOf(piece)}>{piece.text}</span>}>
              {(href) => (
                <a class={`underline ${lookOf(piece)}`} href={href()} target="_blank" rel="noreferrer noopener">
                  {piece.text}
                </a>
              )}
            </Show>
          )}
        </For>
        <Show when={!whole() && text().length > fold()}>
          <button type="button" class="link select-none" onClick={() => setWhole(true)}>
            {t('log.cut', text().length - fold())}
          </button>
        </Show>
      </span>
      <Show when={props.line?.continued}>
        <span class="shrink-0 pl-1 text-muted select-none" title={t('log.goes_on')}>
          ↩
        </span>
      </Show>
      <Show when={props.group}>
        {(group) => (
          <span class="shrink-0 pl-2 text-muted select-none">
            {t(
              'log.group',
              group().lines,
              group().group.exit_code,
              group().group.duration_ms === null ? null : formatDuration(group().group.duration_ms ?? 0),
            )}
          </span>
        )}
      </Show>
    </div>
  );
};
