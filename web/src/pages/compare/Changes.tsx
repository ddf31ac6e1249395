import { For, Show } from 'solid-js';
import type { FieldChange } from '#jobs/diff/diff-values.ts';
import type { Json, JsonObject } from '#jobs/json.ts';
import { placeOf } from '#jobs/problem.ts';
import { PlainText } from '../../components/PlainText.tsx';
import { t } from './words.ts';

/** A value as text; of one that the server cut, how it begins and how large it is. */
const textOf = (value: Json): string => {
  if (typeof value === 'string') return value;
  const { bytes, begins } = (typeof value === 'object' && value !== null ? value : {}) as JsonObject;
  return typeof bytes === 'number' && typeof begins === 'string' ? t('compare.cut', begins, bytes) : JSON.stringify(value);
};

/** Fields that differ: what stood in the first and what stands in the second, with a sign each. */
export const Changes = (props: { label: string; changes: readonly FieldChange[] }) => (
  <div class="relative overflow-x-auto" role="group" aria-label={props.label} tabindex="0">
    <table class="w-full min-w-120 table-fixed text-left text-table">
      <caption class="sr-only">{props.label}</caption>
      <colgroup>
        <col class="w-44" />
        <col />
        <col />
      </colgroup>
      <tbody>
        <For each={props.changes}>
          {({ pointer, before, after }) => (
            <tr class="border-t border-hairline align-top">
              <th scope="row" class="py-1 pr-3 font-mono font-normal break-all text-muted">
                {placeOf(pointer) || '/'}
              </th>
              <td class="bg-removed px-2 py-1">
                <Side sign="−" value={before} />
              </td>
              <td class="bg-added px-2 py-1">
                <Side sign="+" value={after} />
              </td>
            </tr>
          )}
        </For>
      </tbody>
    </table>
  </div>
);

const Side = (props: { sign: string; value: Json | undefined }) => (
  <span class="flex gap-2">
    <span aria-hidden="true">{props.sign}</span>
    <Show when={props.value !== undefined} fallback={<span class="text-muted">{t('compare.nothing')}</span>}>
      <span class="min-w-0 font-mono">
        <PlainText text={textOf(props.value as Json)} first={400} />
      </span>
    </Show>
  </span>
);
