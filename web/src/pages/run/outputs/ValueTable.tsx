import { createSignal, For, Show } from 'solid-js';
import { short } from '../../../components/visible.ts';
import { cellText, type TypedTable } from './typed-table.ts';
import { t } from './words.ts';

const FIRST = 50;
const MORE = 200;
const WIDEST = 300;

/** A list of alike objects as a table, numbers to the right; more rows come when they are asked for. */
export const ValueTable = (props: { table: TypedTable; label: string }) => {
  const [shown, setShown] = createSignal(FIRST);
  const rest = () => props.table.rows.length - shown();
  return (
    <>
      <div class="max-h-120 overflow-auto rounded-control border border-hairline" role="region" aria-label={props.label} tabindex="0">
        <table class="w-full text-left text-table">
          <caption class="sr-only">{props.label}</caption>
          <thead class="sticky top-0">
            <tr class="h-8 bg-bg1 text-meta text-muted">
              <For each={props.table.columns}>
                {({ name, type }) => (
                  <th class={`px-3 font-normal whitespace-nowrap ${type === 'number' ? 'text-right' : ''}`}>{short(name, 80)}</th>
                )}
              </For>
            </tr>
          </thead>
          <tbody>
            <For each={props.table.rows.slice(0, shown())}>
              {(row) => (
                <tr class="border-t border-hairline align-top">
                  <For each={props.table.columns}>
                    {({ name, type }) => (
                      <td
                        class={`max-w-120 px-3 py-1 break-words ${type === 'number' ? 'text-right' : ''} ${type === 'mixed' ? 'font-mono' : ''}`}
                      >
                        <bdi>
                          {type === 'yes_no' && row[name] !== null
                            ? t(row[name] ? 'outputs.yes' : 'outputs.no')
                            : short(cellText(row[name]), WIDEST)}
                        </bdi>
                      </td>
                    )}
                  </For>
                </tr>
              )}
            </For>
          </tbody>
        </table>
      </div>
      <p class="mt-1 flex flex-wrap items-center gap-3 text-meta text-muted">
        {t('outputs.rows', props.table.rows.length)}
        <Show when={rest() > 0}>
          <button type="button" class="link min-h-6" onClick={() => setShown(shown() + MORE)}>
            {t('outputs.more', Math.min(MORE, rest()))}
          </button>
        </Show>
      </p>
    </>
  );
};
