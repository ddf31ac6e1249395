import { createMemo, createSignal, createUniqueId, For, Show } from 'solid-js';
import { Dynamic } from 'solid-js/web';
import type { FieldTies } from '../../components/Field.tsx';
import { onMount } from '../../solid.ts';
import type { Known } from '../expressions/known.ts';
import { type Suggestion, suggestionsIn } from '../expressions/suggest.ts';
import { t } from '../words.ts';

interface ExpressionInputProps {
  readonly ties: FieldTies;
  readonly text: string;
  readonly change: (text: string) => void;
  readonly known: Known;
  /** The id of the step it stands in. */
  readonly own: string | undefined;
  /** The whole text is an expression, with or without brackets. */
  readonly bare?: boolean;
  /** The text may have several lines. */
  readonly lines?: boolean;
}

type TextBox = HTMLInputElement | HTMLTextAreaElement;

/** Text with `${{ }}` in it; inside the brackets the names that may follow are offered, by keys as by mouse. It takes over the caret of the control in whose place it comes while somebody types there. */
export const ExpressionInput = (props: ExpressionInputProps) => {
  const id = createUniqueId();
  const [caret, setCaret] = createSignal<number | null>(null);
  const [at, setAt] = createSignal(0);
  let input: TextBox | undefined;
  // Whoever joins the lines goes on in the same box.
  const hasLines = createMemo<boolean>((had) => had || props.lines === true, false);
  const before = document.activeElement;
  const isTakingOver = before instanceof HTMLElement && before.id !== '' && before.id === props.ties.id && 'selectionStart' in before;
  const caretBefore = isTakingOver ? (before as TextBox).selectionStart : null;
  onMount(() => {
    if (!isTakingOver) return;
    // The old control is still in the page; it goes in this turn.
    queueMicrotask(() => {
      input?.focus();
      input?.setSelectionRange(caretBefore, caretBefore);
      look();
    });
  });
  const inside = (): string | null => {
    const place = caret();
    if (place === null) return null;
    const before = props.text.slice(0, place);
    const open = before.lastIndexOf('${{');
    if (open !== -1 && !before.slice(open).includes('}}')) return before.slice(open + 3);
    return props.bare && !props.text.includes('${{') ? before : null;
  };
  const found = createMemo(() => {
    const source = inside();
    if (source === null) return { word: '', options: [] as readonly Suggestion[] };
    const { word, options } = suggestionsIn(source, props.known, props.own);
    return { word, options: options.filter(({ name }) => name.startsWith(word) && name !== word).slice(0, 12) };
  });
  const isOpen = () => found().options.length > 0;
  const take = ({ name }: Suggestion) => {
    const place = (caret() ?? 0) - found().word.length;
    const text = props.text.slice(0, place) + name + props.text.slice(caret() ?? 0);
    props.change(text);
    queueMicrotask(() => {
      input?.focus();
      input?.setSelectionRange(place + name.length, place + name.length);
      setCaret(place + name.length);
      setAt(0);
    });
  };
  const onKey = (event: KeyboardEvent) => {
    if (!isOpen() || event.isComposing) return;
    const count = found().options.length;
    const keys: { readonly [key: string]: () => void } = {
      ArrowDown: () => setAt((at() + 1) % count),
      ArrowUp: () => setAt((at() + count - 1) % count),
      Enter: () => take(found().options[at()] as Suggestion),
      Escape: () => setCaret(null),
    };
    const run = keys[event.key];
    if (!run) return;
    event.preventDefault();
    event.stopPropagation();
    run();
  };
  const look = () => setCaret(input?.selectionStart ?? null);
  return (
    <div class="relative">
      <Dynamic
        component={hasLines() ? 'textarea' : 'input'}
        {...props.ties}
        ref={(element: TextBox) => {
          input = element;
        }}
        class={`input font-mono text-table ${hasLines() ? 'min-h-20' : ''}`}
        autocomplete="off"
        spellcheck={false}
        // A box of several lines stays a textbox: only one of a line may be called a combobox.
        {...(hasLines() ? { rows: 4 } : { role: 'combobox', 'aria-expanded': isOpen() })}
        aria-controls={isOpen() ? `${id}-names` : undefined}
        aria-activedescendant={isOpen() ? `${id}-${at()}` : undefined}
        aria-autocomplete="list"
        value={props.text}
        onInput={(event: InputEvent & { currentTarget: TextBox }) => {
          props.change(event.currentTarget.value);
          setAt(0);
          look();
        }}
        onKeyDown={onKey}
        onClick={look}
        onBlur={() => setCaret(null)}
      />
      <Show when={isOpen()}>
        <div
          id={`${id}-names`}
          role="listbox"
          aria-label={t('form.suggestions')}
          class="layer absolute top-full right-0 left-0 z-20 mt-1 max-h-64 overflow-y-auto p-1"
        >
          <For each={found().options}>
            {(option, index) => (
              <div
                id={`${id}-${index()}`}
                role="option"
                aria-selected={at() === index()}
                class={`flex min-h-6 cursor-pointer items-center gap-3 rounded-control px-2 ${at() === index() ? 'bg-selected' : 'hover:bg-bg2'}`}
                onPointerDown={(event) => {
                  event.preventDefault();
                  take(option);
                }}
              >
                <bdi class="min-w-0 truncate font-mono text-table">{option.name}</bdi>
                <bdi class="min-w-0 flex-1 truncate text-right text-meta text-muted">{option.detail ?? ''}</bdi>
              </div>
            )}
          </For>
        </div>
      </Show>
    </div>
  );
};
