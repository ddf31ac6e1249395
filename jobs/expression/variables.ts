import type { Json, JsonObject } from '#jobs/json.ts';

/** What an expression sees when it is evaluated; `result` only in the `outputs` of the step that answered it. */
export interface Variables {
  readonly parameters?: JsonObject;
  /** By step id: `{ status, outputs }` of every step that something has happened to; without the outputs of so many items that they were not kept. */
  readonly steps?: { readonly [id: string]: { readonly status: string; readonly outputs?: JsonObject | readonly JsonObject[] } };
  readonly run?: {
    readonly id: string;
    readonly job: string;
    readonly started_at: string;
    /** `running`, or how the run ends once it has undone, handled and cleaned up what that calls for; and why it ends so. */
    readonly status?: string;
    readonly error?: string;
  };
  readonly target?: string;
  /** The schedule that started the run and the moment it stands for; empty texts where none did. */
  readonly schedule?: { readonly [field: string]: string };
  readonly result?: Json;
  /** In a part of a step with items: what it is about, its place from 0, and the combination of a matrix. */
  readonly item?: Json;
  readonly index?: number;
  readonly matrix?: JsonObject;
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
  'schedule',
  'result',
  'item',
  'index',
  'matrix',
  'source',
  'sources',
] as const satisfies readonly (keyof Variables)[];
