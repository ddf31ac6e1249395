import { For, Show } from 'solid-js';
import type { Json, JsonObject } from '#jobs/json.ts';
import { ActionButton } from '../components/ActionButton.tsx';
import { isSame } from './kind.ts';
import { shortText } from './texts.ts';
import { t } from './words.ts';

interface ConflictProps {
  readonly mine: JsonObject;
  readonly theirs: JsonObject;
  /** What a field is called. */
  readonly label: (field: string) => string;
  readonly busy: boolean;
  /** Saves mine over what somebody else has saved. */
  readonly keep: () => void;
  /** Fills the form with what they saved. */
  readonly take: () => void;
}

const shown = (value: Json | undefined): string => (value === undefined || value === null ? t('form.unset') : shortText(value));

/** Somebody else has saved meanwhile: what differs, side by side, and the choice; editing on is a choice too. */
export const Conflict = (props: ConflictProps) => {
  const fields = () =>
    [...new Set([...Object.keys(props.mine), ...Object.keys(props.theirs)])].filter(
      (field) => !isSame(props.mine[field], props.theirs[field]),
    );
  return (
    <section class="rounded-control bg-warning p-4" role="alert">
      <p class="font-semibold">{t('conflict.says')}</p>
      <Show when={fields().length > 0} fallback={<p class="mt-1">{t('conflict.same')}</p>}>
        <table class="mt-2 w-full text-table">
          <thead>
            <tr class="text-left text-meta">
              <th class="pr-4 font-normal">{t('conflict.field')}</th>
              <th class="pr-4 font-normal">{t('conflict.mine')}</th>
              <th class="font-normal">{t('conflict.theirs')}</th>
            </tr>
          </thead>
          <tbody>
            <For each={fields()}>
              {(field) => (
                <tr class="align-top">
                  <th class="pr-4 text-left">{props.label(field)}</th>
                  <td class="pr-4 break-words">{shown(props.mine[field])}</td>
                  <td class="break-words">{shown(props.theirs[field])}</td>
                </tr>
              )}
            </For>
          </tbody>
        </table>
      </Show>
      <div class="mt-3 flex flex-wrap gap-2">
        <ActionButton words={t('conflict.take')} run={props.take} />
        <ActionButton words={t('conflict.keep')} busy={props.busy} run={props.keep} />
      </div>
    </section>
  );
};
