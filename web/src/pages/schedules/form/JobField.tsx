import { keepPreviousData } from '@tanstack/solid-query';
import { createUniqueId, For } from 'solid-js';
import { jobsFoundQuery } from '../../../api/queries.ts';
import { useQuery } from '../../../api/use-query.ts';
import { isLoaded } from '../../../components/Fetched.tsx';
import { Field } from '../../../components/Field.tsx';
import { useDelayed } from '../../../time/delayed.ts';
import { t } from './words.ts';

const REST_MS = 250;

/** Asks which job, offering those whose name has what is typed. */
export const JobField = (props: { value: string; change: (job: string) => void; error: string | undefined }) => {
  const list = createUniqueId();
  const rested = useDelayed(() => props.value, REST_MS);
  const found = useQuery(() => ({ ...jobsFoundQuery(rested(), 50), placeholderData: keepPreviousData }));
  return (
    <Field label={t('form.job')} error={props.error}>
      {(ties) => (
        <>
          <input
            {...ties()}
            class="input"
            list={list}
            autocomplete="off"
            spellcheck={false}
            maxlength={200}
            value={props.value}
            onInput={(event) => props.change(event.currentTarget.value)}
          />
          <datalist id={list}>
            <For each={isLoaded(found) ? found.data?.items : []}>{({ name }) => <option value={name} />}</For>
          </datalist>
        </>
      )}
    </Field>
  );
};
