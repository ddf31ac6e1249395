import { For, Show } from 'solid-js';
import { canonical } from '#jobs/canonical.ts';
import type { Json, JsonObject } from '#jobs/json.ts';
import { PlainText } from '../../../components/PlainText.tsx';
import { t } from './words.ts';

const textOf = (value: Json | undefined): string => (value === undefined ? '–' : typeof value === 'string' ? value : canonical(value));

/** Two versions of one schedule, side by side where they differ. */
export const Differences = (props: { mine: JsonObject; theirs: JsonObject }) => {
  const differing = () =>
    [...new Set([...Object.keys(props.mine), ...Object.keys(props.theirs)])].filter(
      (name) => textOf(props.mine[name]) !== textOf(props.theirs[name]),
    );
  return (
    <Show when={differing().length > 0} fallback={<p>{t('conflict.none')}</p>}>
      <table class="w-full table-fixed text-left text-table">
        <thead>
          <tr class="border-b border-hairline text-meta text-muted">
            <th class="w-36 py-1 pr-3 font-normal">{t('conflict.field')}</th>
            <th class="py-1 pr-3 font-normal">{t('conflict.mine')}</th>
            <th class="py-1 font-normal">{t('conflict.theirs')}</th>
          </tr>
        </thead>
        <tbody>
          <For each={differing()}>
            {(name) => (
              <tr class="border-b border-hairline align-top">
                <th class="py-1.5 pr-3 font-normal break-words text-muted">{name}</th>
                <td class="bg-added px-2 py-1.5 font-mono break-words">
                  <PlainText text={textOf(props.mine[name])} first={500} />
                </td>
                <td class="bg-removed px-2 py-1.5 font-mono break-words">
                  <PlainText text={textOf(props.theirs[name])} first={500} />
                </td>
              </tr>
            )}
          </For>
        </tbody>
      </table>
    </Show>
  );
};
