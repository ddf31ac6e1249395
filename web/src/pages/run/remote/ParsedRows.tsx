import { For, Show } from 'solid-js';
import type { Json } from '#jobs/json.ts';
import { JsonText } from '../../../components/JsonText.tsx';
import { t } from '../words.ts';
import { tableOf } from './parsed.ts';

/** What was read out of a command's output: rows as a small table that scrolls in its own box, anything else as JSON. */
export const ParsedRows = (props: { parsed: Json; command: string }) => (
  <Show when={tableOf(props.parsed)} fallback={<JsonText value={props.parsed} label={t('remote.parsed_of', props.command)} />}>
    {(table) => (
      <>
        <div
          class="max-h-80 overflow-auto rounded-control border border-hairline"
          tabindex="0"
          role="region"
          aria-label={t('remote.parsed_of', props.command)}
        >
          <table class="w-full text-table">
            <caption class="sr-only">{t('remote.parsed_of', props.command)}</caption>
            <thead>
              <tr class="h-6 bg-bg1 text-left text-meta text-muted">
                <For each={table().columns}>
                  {(column) => <th class="sticky top-0 bg-bg1 px-2 font-normal whitespace-nowrap">{column}</th>}
                </For>
              </tr>
            </thead>
            <tbody>
              <For each={table().rows}>
                {(row) => (
                  <tr class="h-6 border-t border-hairline">
                    <For each={row}>{(cell) => <td class="px-2 whitespace-nowrap">{cell}</td>}</For>
                  </tr>
                )}
              </For>
            </tbody>
          </table>
        </div>
        <Show when={table().more > 0}>
          <p class="text-meta text-muted">{t('remote.more_rows', table().more)}</p>
        </Show>
      </>
    )}
  </Show>
);
