import { createSignal, createUniqueId, For, Show } from 'solid-js';
import { STATUS_LOOK } from '#jobs/run-state.ts';
import { get } from '../../api/client.ts';
import { useQuery } from '../../api/use-query.ts';
import type { Page, RunSummary } from '../../api/views.ts';
import { isLoaded } from '../../components/Fetched.tsx';
import { Field } from '../../components/Field.tsx';
import { whenChanged } from '../../solid.ts';
import { zone } from '../../time/clock.ts';
import { instantText } from '../../time/instant.ts';
import { candidatesQuery } from './queries.ts';
import type { ComparedBrief } from './views.ts';
import { t } from './words.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

interface RunPickerProps {
  readonly label: string;
  /** The id in the address, or another word for a run. */
  readonly value: string;
  readonly known: ComparedBrief | undefined;
  /** Whose newest runs are offered first. */
  readonly job: string | undefined;
  readonly choose: (id: string) => void;
}

/** Chooses a run by number or id; the newest of the same job are offered. */
export const RunPicker = (props: RunPickerProps) => {
  const list = createUniqueId();
  const shown = () => (props.known ? `#${props.known.number}` : UUID.test(props.value) ? props.value : '');
  const [typed, setTyped] = createSignal(shown());
  const [error, setError] = createSignal<string>();
  const candidates = useQuery(() => candidatesQuery(props.job));
  whenChanged(shown, (text) => {
    setTyped(text);
    setError(undefined);
  });

  const take = async (text: string) => {
    const wanted = text.trim().replace(/^#/, '');
    if (wanted === '' || wanted === shown().replace(/^#/, '')) return;
    if (UUID.test(wanted)) return props.choose(wanted);
    const found = /^\d{1,15}$/.test(wanted) ? await numbered(wanted).catch((problem: Error) => problem) : null;
    if (found instanceof Error) setError(found.message);
    else if (found === null) setError(t('compare.none_found', `#${wanted}`));
    else props.choose(found);
  };

  return (
    <Field label={props.label} hint={props.known ? props.known.job : t('compare.pick_hint')} error={error()}>
      {(ties) => (
        <>
          <input
            {...ties()}
            class="input"
            list={list}
            autocomplete="off"
            value={typed()}
            onInput={(event) => setTyped(event.currentTarget.value)}
            onChange={(event) => void take(event.currentTarget.value)}
          />
          <datalist id={list}>
            <Show when={isLoaded(candidates)}>
              <For each={candidates.data}>{(run) => <option value={`#${run.number}`}>{labelOf(run)}</option>}</For>
            </Show>
          </datalist>
        </>
      )}
    </Field>
  );
};

const labelOf = (run: RunSummary): string =>
  [run.job, STATUS_LOOK[run.status].word, instantText(run.created_at, new Date(), zone())].join(' · ');

const numbered = async (number: string): Promise<string | null> =>
  (await get<Page<RunSummary>>(`/runs?number=${number}&limit=1`)).items[0]?.id ?? null;
