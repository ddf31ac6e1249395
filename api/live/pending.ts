import type { Place } from '#jobs/places.ts';

/** What changed, as a notice from the database says it: ids only. */
export interface Changes {
  readonly runs?: readonly string[];
  readonly steps?: readonly (readonly [run: string, key: string])[];
  readonly logs?: readonly (readonly [run: string, key: string, lastLine: number])[];
  /** Steps whose commands were told of, and those whose files moved on. */
  readonly commands?: readonly (readonly [run: string, key: string])[];
  readonly transfers?: readonly (readonly [run: string, key: string])[];
  /** What people are told of steps that wait. */
  readonly notices?: readonly (readonly [run: string, key: string, kind: string])[];
  readonly jobs?: readonly string[];
  readonly queues?: readonly string[];
  readonly places?: readonly Place[];
}

/** Changes that have been heard of and not yet told, each thing once however often it changed. */
export interface Pending {
  /** Takes what anyone is interested in. */
  add(changes: Changes, wanted: (topic: string) => boolean): void;
  /** Up to so many runs and as many steps, with everything else; null when there is nothing. */
  take(limit: number): Required<Changes> | null;
}

/** Nothing is pending yet. */
export function createPending(): Pending {
  const runs = new Set<string>();
  const steps = new Map<string, readonly [string, string]>();
  const logs = new Map<string, Grown>();
  const commands = new Map<string, readonly [string, string]>();
  const transfers = new Map<string, readonly [string, string]>();
  const jobs = new Set<string>();
  const queues = new Set<string>();
  const places = new Set<Place>();
  const notices = new Map<string, readonly [string, string, string]>();
  const all = [runs, steps, logs, commands, transfers, notices, jobs, queues, places];

  return {
    add(changes, wanted) {
      const listed = wanted('runs');
      for (const run of filter(changes.runs, (id) => listed || wanted(`run:${id}`))) runs.add(run);
      for (const step of filter(changes.steps, ([run]) => wanted(`run:${run}`))) steps.set(step.join(' '), step);
      for (const log of filter(changes.logs, ([run]) => wanted(`log:${run}`))) {
        const name = `${log[0]} ${log[1]}`;
        logs.set(name, longer(log, logs.get(name)));
      }
      for (const step of filter(changes.commands, ([run]) => wanted(`run:${run}`))) commands.set(step.join(' '), step);
      for (const step of filter(changes.transfers, ([run]) => wanted(`run:${run}`))) transfers.set(step.join(' '), step);
      for (const notice of filter(changes.notices, () => wanted('notices'))) notices.set(notice.join(' '), notice);
      for (const job of filter(changes.jobs, () => wanted('jobs'))) jobs.add(job);
      for (const queue of filter(changes.queues, () => wanted('queues'))) queues.add(queue);
      for (const place of filter(changes.places, wanted)) places.add(place);
    },
    take(limit) {
      if (all.every(({ size }) => size === 0)) return null;
      const taken = {
        runs: first(runs, limit),
        steps: first(steps.values(), limit),
        logs: [...logs.values()],
        commands: [...commands.values()],
        transfers: [...transfers.values()],
        notices: [...notices.values()],
        jobs: [...jobs],
        queues: [...queues],
        places: [...places],
      };
      for (const run of taken.runs) runs.delete(run);
      for (const step of taken.steps) steps.delete(step.join(' '));
      for (const whole of [logs, commands, transfers, notices, jobs, queues, places]) whole.clear();
      return taken;
    },
  };
}

type Grown = readonly [run: string, key: string, lastLine: number];
const longer = (a: Grown, b: Grown | undefined): Grown => (b !== undefined && b[2] > a[2] ? b : a);

const filter = <T>(list: readonly T[] = [], matches: (entry: T) => boolean): readonly T[] => list.filter(matches);

const first = <T>(values: Iterable<T>, limit: number): T[] => Iterator.from(values).take(limit).toArray();
