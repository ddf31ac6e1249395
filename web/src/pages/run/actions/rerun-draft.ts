import type { Json, JsonObject, JsonSchema } from '#jobs/json.ts';
import { hasEndedBadly } from '#jobs/run-state.ts';
import type { RunView, StepSummary } from '../../../api/views.ts';
import { isSame } from '../../../form/kind.ts';
import type { RerunStart } from './desk.ts';
import type { RerunAsk } from './moves.ts';

/** Which steps of a run are run again. */
export const EXTENTS = ['failed', 'everything', 'from'] as const;
export type Extent = (typeof EXTENTS)[number];

/** What a person has chosen of a re-run so far. */
export interface RerunDraft {
  readonly extent: Extent;
  readonly from: string;
  readonly version: 'same' | 'newest';
  /** What stands in the form; undefined: nothing was changed. */
  readonly values: JsonObject | undefined;
}

/** Where the dialog begins, by what it was opened for. */
export const draftOf = (start: RerunStart): RerunDraft => ({
  extent: typeof start === 'object' ? 'from' : start === 'failed' ? 'failed' : 'everything',
  from: typeof start === 'object' ? start.from : '',
  version: 'same',
  values: undefined,
});

/** Parameters as a form asks for them: what has no default has to be there. */
export const formOf = (schemas: JsonObject): JsonSchema => {
  const properties = schemas as NonNullable<JsonSchema['properties']>;
  const required = Object.keys(properties).filter(
    (name) => properties[name]?.default === undefined && !('visible_if' in (properties[name] ?? {})),
  );
  return { type: 'object', properties, required };
};

export const secretsIn = (schemas: JsonObject): readonly string[] =>
  Object.keys(schemas).filter((name) => (schemas[name] as JsonObject | undefined)?.secret === true);

/** What differs from the earlier run's parameters; one that was emptied has its default again. */
export const changedValues = (earlier: JsonObject, values: JsonObject | undefined, schemas: JsonObject): JsonObject => {
  if (values === undefined) return {};
  const names = new Set([...Object.keys(earlier), ...Object.keys(values)]);
  return Object.fromEntries(
    [...names].flatMap((name): [string, Json][] => {
      const value = values[name] ?? (schemas[name] as JsonObject | undefined)?.default;
      return value === undefined || isSame(value, earlier[name] ?? null) ? [] : [[name, value]];
    }),
  );
};

/** Parameters of the earlier run that were emptied and have no default to go back to. */
export const removedNames = (earlier: JsonObject, values: JsonObject | undefined, schemas: JsonObject): readonly string[] =>
  values === undefined
    ? []
    : Object.keys(earlier).filter((name) => {
        const schema = schemas[name] as JsonObject | undefined;
        return schema !== undefined && schema.secret !== true && schema.default === undefined && values[name] === undefined;
      });

/** Steps in parts that went on although some parts of them had failed; only when they are named, these are run again. */
export const tolerated = (steps: readonly Pick<StepSummary, 'key' | 'status' | 'parts_by_status'>[]): readonly string[] =>
  steps
    .filter(
      ({ status, parts_by_status: parts }) =>
        status === 'completed' &&
        Object.entries(parts ?? {}).some(([word, count]) => hasEndedBadly(word as StepSummary['status']) && (count ?? 0) > 0),
    )
    .map(({ key }) => key);

/** What is sent for a draft. */
export const askOf = (
  draft: RerunDraft,
  run: Pick<RunView, 'status'>,
  steps: readonly Pick<StepSummary, 'key' | 'status' | 'parts_by_status'>[],
  newest: number | null,
  parameters: JsonObject,
  without: readonly string[] = [],
): RerunAsk => {
  const named = run.status === 'completed' ? tolerated(steps) : [];
  return {
    everything: draft.extent === 'everything',
    from: draft.extent === 'from' ? [draft.from] : draft.extent === 'failed' && named.length > 0 ? named : null,
    failed_items_only: draft.extent === 'failed',
    version: draft.version === 'newest' ? newest : null,
    parameters,
    without,
  };
};

/** How many failed: parts where steps have them, else steps. */
export const failedCount = (steps: readonly Pick<StepSummary, 'status' | 'parent_key' | 'parts_by_status'>[]): number =>
  steps
    .filter(({ parent_key }) => parent_key === null)
    .reduce((sum, { status, parts_by_status: parts }) => {
      const own = Object.entries(parts ?? {}).reduce(
        (all, [word, count]) => all + (hasEndedBadly(word as StepSummary['status']) ? (count ?? 0) : 0),
        0,
      );
      return sum + (own > 0 ? own : hasEndedBadly(status) ? 1 : 0);
    }, 0);
