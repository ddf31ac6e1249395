import type { RunStatus } from '#jobs/run-state.ts';
import { seededRandom } from '#jobs/seeded-random.ts';
import { SEEDED_JOBS, type SeededJob } from './world.ts';

/** An ended run of the made-up past; times in milliseconds since 1970. */
export interface MadeRun {
  readonly id: string;
  readonly number: number;
  readonly job: SeededJob;
  readonly status: RunStatus;
  readonly error: string | null;
  readonly client: string;
  readonly ref: string | null;
  readonly by: string;
  readonly target: string;
  readonly completedSteps: number;
  readonly createdAt: number;
  /** Null: it was missed. */
  readonly startedAt: number | null;
  readonly endedAt: number;
}

/** So many runs between two moments; the same seed makes the same runs. */
export interface Past {
  readonly runs: number;
  readonly seed: number;
  readonly from: number;
  readonly until: number;
}

const MINUTE_MS = 60_000;
const PEOPLE = ['ada', 'grace', 'linus', 'margaret'] as const;

/** Every run of the past, in order of creation. */
export function* madeRuns({ runs, seed, from, until }: Past): Generator<MadeRun> {
  const random = seededRandom(seed);
  const drawJob = weighted(SEEDED_JOBS);
  const minutes = Math.floor((until - from) / MINUTE_MS);
  const before = cumulated(from, minutes);
  const all = before[minutes] ?? 1;
  let number = 0;
  for (let minute = 0; minute < minutes; minute++) {
    const upTo = Math.floor((runs * (before[minute + 1] ?? 0)) / all);
    if (upTo === number) continue;
    const offsets = Array.from({ length: upTo - number }, () => Math.floor(random() * MINUTE_MS)).sort((a, b) => a - b);
    for (const offset of offsets) {
      number += 1;
      yield madeRun(number, from + minute * MINUTE_MS + offset, until, drawJob(random()), random);
    }
  }
}

function madeRun(number: number, createdAt: number, until: number, job: SeededJob, random: () => number): MadeRun {
  const status = statusFor(job, random());
  const target = pick(job.targets, random());
  const startedAt = status === 'missed' ? null : Math.min(createdAt + 5 + Math.floor(random() ** 3 * 2_000), until);
  const lasts = Math.max(1, Math.round(job.medianMs * Math.exp((random() + random() + random() - 1.5) * 1.2)));
  const done = status === 'completed' ? job.steps.length : Math.floor(random() * job.steps.length);
  return {
    id: uuidAt(createdAt, random),
    number,
    job,
    status,
    error: status === 'completed' || status === 'cancelled' ? null : job.error.replace('{target}', target),
    client: pick(job.clients, random()),
    ref: random() < 0.3 ? `R-${100_000 + Math.floor(random() * 900_000)}` : null,
    by: pick(PEOPLE, random()),
    target,
    completedSteps: done,
    createdAt,
    startedAt,
    endedAt: startedAt === null ? createdAt : Math.min(startedAt + lasts, until),
  };
}

function statusFor({ failing }: SeededJob, chance: number): RunStatus {
  const thousandth = chance * 1_000;
  if (thousandth >= failing + 6) return 'completed';
  if (thousandth >= failing) return 'cancelled';
  const share = thousandth / failing;
  if (share < 0.72) return 'failed';
  if (share < 0.86) return 'timed_out';
  return share < 0.95 ? 'missed' : 'lost';
}

const pick = <T>(of: readonly T[], chance: number): T => of[Math.floor(chance * of.length)] as T;

/** Draws a job by its weight. */
function weighted(jobs: readonly SeededJob[]): (chance: number) => SeededJob {
  let sum = 0;
  const ends = jobs.map(({ weight }) => {
    sum += weight;
    return sum;
  });
  return (chance) => jobs[ends.findIndex((end) => chance * sum < end)] as SeededJob;
}

/** How much was done before each minute: more by day than by night, less on weekends. */
function cumulated(from: number, minutes: number): Float64Array {
  const before = new Float64Array(minutes + 1);
  for (let minute = 0; minute < minutes; minute++) {
    const at = new Date(from + minute * MINUTE_MS);
    const byDay = 1 - 0.6 * Math.cos((2 * Math.PI * (at.getUTCHours() * 60 + at.getUTCMinutes())) / 1_440);
    const weekday = at.getUTCDay();
    before[minute + 1] = (before[minute] ?? 0) + byDay * (weekday === 0 || weekday === 6 ? 0.4 : 1);
  }
  return before;
}

/** A UUIDv7 of that moment. */
export function uuidAt(at: number, random: () => number): string {
  const hex = (digits: number) =>
    Math.floor(random() * 16 ** digits)
      .toString(16)
      .padStart(digits, '0');
  const time = at.toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${hex(3)}-${'89ab'[Math.floor(random() * 4)]}${hex(3)}-${hex(6)}${hex(6)}`;
}
