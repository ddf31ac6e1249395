import type { Json, JsonObject } from '#jobs/json.ts';

/** What an expression sees when it is evaluated; `result` only in the `outputs` of the step that answered it. */
export interface Variables {
  readonly parameters?: JsonObject;
  /** By step id: `{ status, outputs }` of every step that something has happened to. */
  readonly steps?: { readonly [id: string]: { readonly status: string; readonly outputs: JsonObject | readonly JsonObject[] } };
  readonly run?: { readonly id: string; readonly job: string; readonly started_at: string };
  readonly target?: string;
  readonly result?: Json;
  /** In triggers: the run that ended, and of a join the ended run of each job. */
  readonly source?: JsonObject;
  readonly sources?: JsonObject;
}

/** The names an expression may start from. */
export const VARIABLES = [
  'parameters',
  'steps',
  'run',
  'target',
  'result',
  'source',
  'sources',
] as const satisfies readonly (keyof Variables)[];
