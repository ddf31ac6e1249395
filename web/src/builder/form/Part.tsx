import { createMemo } from 'solid-js';
import type { Json, JsonSchema } from '#jobs/json.ts';
import { type Problem, pointerTo } from '#jobs/problem.ts';
import { SchemaForm } from '../../form/SchemaForm.tsx';
import { difference } from '../document/difference.ts';
import type { Path } from '../document/parsed.ts';
import type { Draft } from '../draft/draft.ts';
import type { Known } from '../expressions/known.ts';
import { expressionFields } from './expressions.tsx';
import { ROOT } from './schemas.ts';

interface PartProps {
  readonly draft: Draft;
  readonly known: Known;
  readonly problems: readonly Problem[];
  readonly path: Path;
  readonly schema: JsonSchema;
  readonly value: Json | undefined;
  /** The id of the step it is about. */
  readonly own?: string | undefined;
  readonly order?: readonly string[];
}

/** One form over a part of the definition; what it changes is written as the least edits. */
export const Part = (props: PartProps) => {
  // Every field asks for these.
  const at = createMemo(() => props.path.reduce<string>(pointerTo, ''));
  const value = createMemo(() => props.value ?? {});
  const problems = createMemo(() => props.problems);
  const fields = expressionFields(
    () => props.known,
    () => props.own,
  );
  return (
    <SchemaForm
      schema={props.schema}
      root={ROOT}
      at={at()}
      value={value()}
      errors={problems()}
      instead={fields.instead}
      beside={fields.beside}
      onChange={(after) => props.draft.edit(difference(props.path, props.value, after, props.order))}
    />
  );
};
