import { createMemo, Show } from 'solid-js';
import type { Json, JsonSchema } from '#jobs/json.ts';
import type { FieldProblem } from '../../../api/problem.ts';
import { jobQuery, jobsFoundQuery } from '../../../api/queries.ts';
import { useQuery } from '../../../api/use-query.ts';
import { isLoaded } from '../../../components/Fetched.tsx';
import { SchemaForm } from '../../../form/SchemaForm.tsx';
import { useDelayed } from '../../../time/delayed.ts';
import { t } from './words.ts';

const REST_MS = 250;

interface JobParametersProps {
  readonly job: string;
  readonly label: string;
  readonly value: Json | undefined;
  readonly onChange: (value: Json | undefined) => void;
  readonly errors: readonly FieldProblem[];
  readonly open?: boolean;
}

/** The parameters of a job as its own schema asks for them; what is left empty is up to whoever is overridden. */
export const JobParameters = (props: JobParametersProps) => {
  // A name that is still being typed is no job yet, and is not asked for.
  const rested = useDelayed(() => props.job, REST_MS);
  const like = useQuery(() => ({ ...jobsFoundQuery(rested(), 50), enabled: rested() !== '' }));
  // Where more jobs have the text in their name than a page has, only asking for the job itself tells.
  const mayBeJob = () =>
    rested() === props.job &&
    isLoaded(like) &&
    ((like.data?.items ?? []).some(({ name }) => name === props.job) || (like.data?.next ?? null) !== null);
  const job = useQuery(() => ({ ...jobQuery(props.job), enabled: mayBeJob(), retry: false }));
  const schema = createMemo((): JsonSchema | null => {
    if (!mayBeJob() || !isLoaded(job) || !job.data) return null;
    const properties = (job.data.definition.parameters ?? {}) as { readonly [name: string]: JsonSchema };
    // A schedule gives no secrets.
    const plain = Object.entries(properties).filter(([, one]) => !('secret' in one && one.secret));
    return { type: 'object', properties: Object.fromEntries(plain) };
  });
  const count = () => Object.keys(schema()?.properties ?? {}).length;
  const failed = () => props.errors.some(({ pointer }) => pointer.startsWith('/parameters'));
  return (
    <Show when={schema()}>
      {(asked) => (
        <Show when={count() > 0} fallback={<p class="text-muted">{t('form.no_parameters')}</p>}>
          <details class="group" open={props.open || failed()}>
            <summary class="min-h-8 font-semibold">{props.label}</summary>
            <div class="mt-2">
              <SchemaForm schema={asked()} value={props.value} onChange={props.onChange} errors={props.errors} at="/parameters" />
            </div>
          </details>
        </Show>
      )}
    </Show>
  );
};
