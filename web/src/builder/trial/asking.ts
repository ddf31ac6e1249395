import { createMemo } from 'solid-js';
import { canonical } from '#jobs/canonical.ts';
import type { ParameterSchema } from '#jobs/definition.ts';
import type { Json, JsonObject } from '#jobs/json.ts';
import { jobQuery } from '../../api/queries.ts';
import { useQuery } from '../../api/use-query.ts';
import { isLoaded } from '../../components/Fetched.tsx';
import { createAsked } from '../../pages/jobs/start/asked.ts';
import { createChoices } from '../../pages/jobs/start/choices.ts';
import type { Draft } from '../draft/draft.ts';
import { parametersSchema } from './parameters.ts';

type Schemas = Readonly<Record<string, ParameterSchema>>;

interface Asking {
  readonly draft: Draft;
  /** The saved job, which alone can tell what may be chosen. */
  readonly job: string | null;
  readonly open: boolean;
}

/** The parameters of a draft as the start form of a job asks for them: some only while others say so, some among values that were found out. */
export const createAsking = (props: Asking, which: 'all' | 'open', value: () => JsonObject) => {
  const schema = createMemo(() => parametersSchema(props.open ? props.draft.definition()?.parameters : undefined, which));
  const schemas = createMemo(() => (schema().properties ?? {}) as Schemas);
  const { asked, isHidden } = createAsked(schemas, value);
  const hasChoices = () => Object.values(schemas()).some(({ choices }) => choices !== undefined);
  const saved = useQuery(() => ({ ...jobQuery(props.job ?? ''), enabled: props.job !== null && hasChoices() }));
  // Of choices that are not saved as they stand here, nobody can tell.
  const known = createMemo((): Schemas => {
    const before = isLoaded(saved) ? ((saved.data?.definition.parameters ?? {}) as Schemas) : {};
    const isSame = (name: string) =>
      canonical((schemas()[name]?.choices ?? null) as Json) === canonical((before[name]?.choices ?? null) as Json);
    return Object.fromEntries(Object.entries(schemas()).filter(([name]) => isSame(name)));
  });
  return {
    schema,
    isHidden,
    choices: createChoices(() => props.job ?? '', known, value),
    /** What is sent: nothing that is not asked for. */
    given: (): JsonObject => Object.fromEntries(Object.entries(value()).filter(([name]) => asked().has(name))),
  };
};
