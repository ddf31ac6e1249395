import { createContext, type JSX, useContext } from 'solid-js';
import type { Json, JsonSchema } from '#jobs/json.ts';
import type { FieldProblem } from '../api/problem.ts';
import type { FieldTies } from '../components/Field.tsx';

/** One place of a form: what is asked for, what stands there, and how to change it. */
export interface FormField {
  /** Where the value stands in what is sent. */
  readonly pointer: string;
  readonly schema: JsonSchema;
  readonly value: Json | undefined;
  /** `undefined` leaves the value out. */
  readonly change: (value: Json | undefined) => void;
}

/** The values a person may choose among, and how far they are known. */
export interface FieldChoices {
  readonly items: readonly Json[] | undefined;
  /** Why there are none. */
  readonly error: string | undefined;
  readonly again: () => void;
  /** Nothing else may be given. */
  readonly strict: boolean;
  /** Another field that must be filled in before they can be found. */
  readonly waitsFor?: string | undefined;
}

/** What all parts of one form share. */
export interface FormSettings {
  readonly root: () => JsonSchema;
  readonly problems: () => readonly FieldProblem[];
  /** The values offered at a pointer, where they are not in the schema. */
  readonly choices: ((pointer: string) => FieldChoices | undefined) | undefined;
  /** What draws a control of its own in place of the usual one; asked again whenever what it reads changes. */
  readonly instead: ((field: FormField) => ((ties: () => FieldTies) => JSX.Element) | undefined) | undefined;
  /** Stands at the right of a field's label. */
  readonly beside: ((field: FormField) => JSX.Element | undefined) | undefined;
  /** Fields that are not asked for now. */
  readonly hidden: ((pointer: string) => boolean) | undefined;
}

export const FormContext = createContext<FormSettings>();

/** What all parts of the form around share. */
export const useForm = (): FormSettings => {
  const settings = useContext(FormContext);
  if (!settings) throw new Error('a form part outside SchemaForm');
  return settings;
};
