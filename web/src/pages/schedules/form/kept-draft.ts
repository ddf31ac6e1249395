import type { Json } from '#jobs/json.ts';
import type { ScheduleDefinition } from '#jobs/schedules/definition.ts';
import { keptAt } from '../../../form/kept.ts';
import { type Draft, draftOf } from './draft.ts';

/** The saved schedule that a draft began from: only in this state is it replaced. */
export interface Base {
  readonly version: number;
  readonly definition: ScheduleDefinition;
}

/** What was typed about a schedule and not saved, with what it began from; null: a new one. */
export interface KeptDraft {
  readonly draft: Draft;
  readonly base: Base | null;
}

const isObject = (value: unknown): value is { readonly [name: string]: unknown } => typeof value === 'object' && value !== null;

const readBase = (base: unknown): Base | null =>
  isObject(base) && typeof base.version === 'number' && isObject(base.definition) ? (base as unknown as Base) : null;

/** Where what is typed about a schedule is kept; `''` stands for a new one, and of one that is saved it counts only together with what it began from. */
export const keptSchedule = (name: string) => {
  const drawer = keptAt(`schedule.${name}`);
  return {
    read: (): KeptDraft | null => {
      const kept: unknown = drawer.read();
      if (!isObject(kept) || !isObject(kept.draft)) return null;
      const base = readBase(kept.base);
      return name !== '' && base === null ? null : { draft: { ...draftOf({}), ...kept.draft }, base };
    },
    /** Keeps what is typed; null forgets it. */
    keep: (kept: KeptDraft | null): void => void drawer.keep(kept as Json),
  };
};
