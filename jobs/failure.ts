import type { JsonObject } from './json.ts';

/** Why a step can fail; across Temporal a failure's identity is its type. */
export const FAILURE_TYPES = [
  'connection',
  'auth',
  'timeout',
  'exit_code',
  'assertion',
  'invalid_input',
  'policy',
  'cancelled',
  'lost',
  'internal',
] as const;
export type FailureType = (typeof FAILURE_TYPES)[number];

/** Failures that the same attempt made again cannot mend; they end a step whatever its retry policy says. */
export const NEVER_RETRIED: readonly FailureType[] = ['auth', 'invalid_input', 'policy', 'cancelled'];

/** A failed step as rows, events and the page show it. */
export interface StepError {
  readonly type: FailureType;
  readonly message: string;
  readonly details?: JsonObject;
}

/** A failure with an identity; what the envelope turns into Temporal's and into rows. */
export class StepFailure extends Error {
  override readonly name = 'StepFailure';
  readonly type: FailureType;
  readonly details: JsonObject | undefined;

  constructor(type: FailureType, message: string, details?: JsonObject, options?: ErrorOptions) {
    super(message, options);
    this.type = type;
    this.details = details;
  }
}

/** A failure to throw: what kind, one sentence that names place and value, and facts for whoever looks closer. */
export const stepFailure = (type: FailureType, message: string, details?: JsonObject, cause?: unknown): StepFailure =>
  new StepFailure(type, message, details, cause === undefined ? undefined : { cause });
