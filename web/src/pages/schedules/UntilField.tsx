import { createSignal, For, Show } from 'solid-js';
import { Field } from '../../components/Field.tsx';
import { zone } from '../../time/clock.ts';
import { momentOf } from '../../time/zoned.ts';
import { t } from './words.ts';

const HOUR_MS = 3_600_000;
const LENGTHS = { '1h': HOUR_MS, '8h': 8 * HOUR_MS, '1d': 24 * HOUR_MS, '7d': 168 * HOUR_MS } as const;
const CHOICES = ['resumed', '1h', '8h', '1d', '7d', 'at'] as const;

type Choice = (typeof CHOICES)[number];

/** When a hold ends by itself: an instant, null for never, undefined while a time is still to be chosen. */
export type Until = string | null | undefined;

/** Asks until when something is held. */
export const UntilField = (props: { error: string | undefined; change: (until: () => Until) => void }) => {
  const [choice, setChoice] = createSignal<Choice>('resumed');
  const [wall, setWall] = createSignal('');
  // Counted from the first press on, so that a second try asks for the same end.
  let counted: { readonly choice: Choice; readonly until: string } | null = null;
  const until = (): Until => {
    const chosen = choice();
    if (chosen === 'resumed') return null;
    if (chosen !== 'at') {
      if (counted?.choice !== chosen) counted = { choice: chosen, until: new Date(Date.now() + LENGTHS[chosen]).toISOString() };
      return counted.until;
    }
    const moment = momentOf(wall(), zone());
    return moment === null ? undefined : new Date(moment).toISOString();
  };
  props.change(until);
  return (
    <>
      <Field label={t('pause.until')} error={choice() === 'at' ? undefined : props.error}>
        {(ties) => (
          <select {...ties()} class="input" onChange={(event) => setChoice(event.currentTarget.value as Choice)}>
            <For each={CHOICES}>{(one) => <option value={one}>{t(`pause.until_${one}`)}</option>}</For>
          </select>
        )}
      </Field>
      <Show when={choice() === 'at'}>
        <Field label={t('pause.until_time', zone())} error={props.error}>
          {(ties) => (
            <input {...ties()} type="datetime-local" class="input" value={wall()} onInput={(event) => setWall(event.currentTarget.value)} />
          )}
        </Field>
      </Show>
    </>
  );
};
