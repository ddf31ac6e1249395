import type { ParameterSchema } from '#jobs/definition.ts';
import type { Json, JsonObject } from '#jobs/json.ts';
import { keptAt } from '../../../form/kept.ts';
import { isObject } from '../../../form/kind.ts';
import { type RunOptions, readOptions } from './options.ts';

/** What was typed into a start form: the parameters that are not as the job has them, and the rest. */
export interface Draft {
  readonly parameters: JsonObject;
  readonly options: RunOptions;
}

type Schemas = Readonly<Record<string, ParameterSchema>>;

/** The defaults of parameters, as a form begins with them. */
export const defaultsOf = (schemas: Schemas): JsonObject =>
  Object.fromEntries(
    Object.entries(schemas).flatMap(([name, schema]) => (schema.default === undefined ? [] : [[name, schema.default] as const])),
  );

const isOpen = (schemas: Schemas, name: string): boolean => Object.hasOwn(schemas, name) && schemas[name]?.secret !== true;
const isDefault = (schemas: Schemas, name: string, value: Json | undefined): boolean =>
  JSON.stringify(value) === JSON.stringify(schemas[name]?.default);

/** What was typed for one version, as another asks for it: defaults follow, what it does not ask for goes, and so does a secret that it would no longer cover. */
export const carriedOver = (typed: JsonObject, before: Schemas, now: Schemas): JsonObject => ({
  ...defaultsOf(now),
  ...Object.fromEntries(
    Object.entries(typed).filter(
      ([name, value]) =>
        Object.hasOwn(now, name) && !isDefault(before, name, value) && (before[name]?.secret !== true || now[name]?.secret === true),
    ),
  ),
});

/** Where what is typed into a job's start form is kept until it is sent: of what the job asks for, secrets never. */
export const keptStart = (job: string) => {
  const drawer = keptAt(`start.${job}`);
  return {
    read: (schemas: Schemas): Draft | null => {
      const kept = drawer.read();
      if (!isObject(kept)) return null;
      const typed = Object.entries(isObject(kept.parameters) ? kept.parameters : {});
      return { parameters: Object.fromEntries(typed.filter(([name]) => isOpen(schemas, name))), options: readOptions(kept.options) };
    },
    /** Nothing typed forgets it. */
    keep: ({ parameters, options }: Draft, schemas: Schemas): void => {
      const typed = Object.entries(parameters).filter(([name, value]) => isOpen(schemas, name) && !isDefault(schemas, name, value));
      const isNothing = typed.length === 0 && Object.keys(options).length === 0;
      drawer.keep(isNothing ? null : { parameters: Object.fromEntries(typed), options: { ...options } });
    },
  };
};
