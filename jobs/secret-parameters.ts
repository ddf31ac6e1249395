import type { JobDefinition } from './definition.ts';

/** Names of the parameters whose values nobody sees. */
export const secretNames = (schemas: JobDefinition['parameters'] = {}): readonly string[] =>
  Object.keys(schemas).filter((name) => schemas[name]?.secret === true);

/** What a step binds as a secret: the parameter it names, or null where it names a credential. */
export const parameterOf = (reference: string): string | null =>
  reference.startsWith('parameters.') ? reference.slice('parameters.'.length) : null;
