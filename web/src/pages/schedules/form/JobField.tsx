import { keepPreviousData } from '@tanstack/solid-query';
import { jobsFoundQuery } from '../../../api/queries.ts';
import { useQuery } from '../../../api/use-query.ts';
import { isLoaded } from '../../../components/Fetched.tsx';
import { TextField } from '../../../components/TextField.tsx';
import { useDelayed } from '../../../time/delayed.ts';
import { t } from './words.ts';

const REST_MS = 250;

/** Asks which job, offering those whose name has what is typed. */
export const JobField = (props: { value: string; change: (job: string) => void; error: string | undefined }) => {
  const rested = useDelayed(() => props.value, REST_MS);
  const found = useQuery(() => ({ ...jobsFoundQuery(rested(), 50), placeholderData: keepPreviousData }));
  return (
    <TextField
      label={t('form.job')}
      error={props.error}
      offers={isLoaded(found) ? (found.data?.items ?? []).map(({ name }) => name) : []}
      maxlength={200}
      value={props.value}
      change={props.change}
    />
  );
};
