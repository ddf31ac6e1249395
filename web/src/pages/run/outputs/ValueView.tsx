import { createMemo, createSignal, For, Match, Show, Switch } from 'solid-js';
import type { Json } from '#jobs/json.ts';
import { CopyButton } from '../../../components/CopyButton.tsx';
import { PlainText } from '../../../components/PlainText.tsx';
import { short } from '../../../components/visible.ts';
import { JsonTree } from '../../../json/JsonTree.tsx';
import { Markdown } from '../../../markdown/Markdown.tsx';
import { looksLikeMarkdown } from '../../../markdown/read-markdown.ts';
import { typedTable } from './typed-table.ts';
import { ValueTable } from './ValueTable.tsx';
import { t } from './words.ts';

/** A text longer than this is not drawn as Markdown. */
const LONGEST_MARKDOWN = 100_000;
const LINE = 120;

/** One value that a run or step hands on, drawn as what it is: a table, Markdown, text, or a JSON tree; the plain form is a press away. */
export const ValueView = (props: { name: string; value: Json }) => {
  const [plain, setPlain] = createSignal(false);
  const table = createMemo(() => typedTable(props.value));
  const text = () => (typeof props.value === 'string' ? props.value : null);
  const isMarkdown = createMemo(() => {
    const said = text();
    return said !== null && said.length <= LONGEST_MARKDOWN && looksLikeMarkdown(said);
  });
  const isShort = () =>
    props.value === null ||
    typeof props.value === 'number' ||
    typeof props.value === 'boolean' ||
    ((text()?.length ?? LINE + 1) <= LINE && !text()?.includes('\n'));
  const forms = (): readonly [string, string] | null => {
    if (table()) return [t('outputs.as_table'), t('outputs.as_json')];
    return isMarkdown() ? [t('outputs.formatted'), t('outputs.as_written')] : null;
  };
  return (
    <div class="min-w-0">
      <div class="flex min-h-8 items-center gap-3">
        <h3 class="min-w-0 truncate font-semibold">{short(props.name)}</h3>
        <Show when={isShort()}>
          <bdi class="min-w-0 truncate font-mono text-table">{short(text() || JSON.stringify(props.value))}</bdi>
        </Show>
        <Show when={text()}>
          <CopyButton text={text() ?? ''} />
        </Show>
        <Show when={forms()}>
          {(names) => (
            <fieldset class="ml-auto flex gap-1">
              <legend class="sr-only">{t('outputs.show_as', props.name)}</legend>
              <For each={names()}>
                {(word, at) => (
                  <button
                    type="button"
                    class={`min-h-6 rounded-control px-2 text-meta ${(at() === 1) === plain() ? 'bg-selected font-semibold' : 'text-muted hover:bg-bg2'}`}
                    aria-pressed={(at() === 1) === plain()}
                    onClick={() => setPlain(at() === 1)}
                  >
                    {word}
                  </button>
                )}
              </For>
            </fieldset>
          )}
        </Show>
      </div>
      <Show when={!isShort()}>
        <Switch fallback={<JsonTree value={props.value} label={props.name} />}>
          <Match when={!plain() && table()}>{(found) => <ValueTable table={found()} label={props.name} />}</Match>
          <Match when={!plain() && isMarkdown()}>
            <div class="rounded-control border border-hairline px-4 py-3">
              <Markdown text={text() ?? ''} />
            </div>
          </Match>
          <Match when={text() !== null}>
            <div
              class="max-h-80 overflow-auto rounded-control bg-log p-3 font-mono text-table"
              role="region"
              aria-label={props.name}
              tabindex="0"
            >
              <PlainText text={text() ?? ''} />
            </div>
          </Match>
        </Switch>
      </Show>
    </div>
  );
};
