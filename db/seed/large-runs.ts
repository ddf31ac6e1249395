import { seededRandom } from '#jobs/seeded-random.ts';
import { CHUNK_LINES, encodeLines, type LogLine } from '../log-chunk.ts';
import type { Copied } from './copy.ts';
import { type MadeRun, uuidAt } from './made-runs.ts';
import type { MadeStep } from './run-rows.ts';
import type { SeededJob } from './world.ts';

const WIDE_HOSTS = 100;
const WIDE_STEPS = 50;
const SECOND_MS = 1_000;

const large = (name: string, steps: readonly string[], error: string): SeededJob => ({
  name,
  tags: ['large'],
  category: 'large',
  weight: 0,
  clients: ['ACME'],
  zone: 'UTC',
  targets: ['all'],
  trigger: 'manual',
  priority: 5,
  medianMs: 60_000,
  failing: 0,
  steps,
  error,
});

/** Fifty steps on a hundred hosts each, of which a few failed. */
export const WIDE_JOB: SeededJob = large(
  'large-sweep',
  Array.from({ length: WIDE_STEPS }, (_, at) => `s${String(at + 1).padStart(2, '0')}`),
  's50[7]: command ended with 2 on host-008',
);

/** One step that said a million lines. */
export const LONG_JOB: SeededJob = large('large-log', ['talk'], '');

/** One run of a large job, as the last thing that happened. */
export const largeRun = (job: SeededJob, number: number, seed: number, until: number): MadeRun => ({
  id: uuidAt(until - 120 * SECOND_MS, seededRandom(seed)),
  number,
  job,
  status: job.error === '' ? 'completed' : 'failed',
  error: job.error === '' ? null : job.error,
  client: 'ACME',
  ref: null,
  by: 'ada',
  target: 'all',
  completedSteps: job.error === '' ? job.steps.length : job.steps.length - 1,
  createdAt: until - 120 * SECOND_MS,
  startedAt: until - 119 * SECOND_MS,
  endedAt: until - 10 * SECOND_MS,
});

/** Its fifty steps and their five thousand parts. */
export function* wideSteps({ id: run, startedAt }: MadeRun): Generator<MadeStep> {
  const hosts = Array.from({ length: WIDE_HOSTS }, (_, at) => `host-${String(at + 1).padStart(3, '0')}`);
  const begin = startedAt ?? 0;
  for (const [at, id] of WIDE_JOB.steps.entries()) {
    const isLast = at === WIDE_STEPS - 1;
    const error = isLast ? 'command ended with 2' : null;
    const whole = { run, id, number: at + 1, startedAt: begin + at * 2 * SECOND_MS, endedAt: begin + (at + 1) * 2 * SECOND_MS };
    const status = isLast ? 'failed' : 'completed';
    yield { ...whole, key: id, status, error: error && `1 of ${WIDE_HOSTS} failed: ${error}`, target: null, parent: null, targets: hosts };
    for (const [nth, target] of hosts.entries()) {
      const isBad = isLast && nth === 7;
      yield {
        ...whole,
        key: `${id}[${nth}]`,
        status: isBad ? 'failed' : 'completed',
        error: isBad ? error : null,
        target,
        parent: id,
        targets: null,
      };
    }
  }
}

/** The one step of the long run. */
export const longStep = ({ id: run, startedAt, endedAt }: MadeRun): MadeStep => ({
  run,
  key: 'talk',
  id: 'talk',
  number: 1,
  status: 'completed',
  error: null,
  target: null,
  parent: null,
  targets: null,
  startedAt: startedAt ?? 0,
  endedAt,
});

export const CHUNK_COLUMNS = [
  'run_id',
  'step_key',
  'first_line',
  'attempt',
  'line_count',
  'byte_count',
  'started_at',
  'ended_at',
  'first_error_line',
  'stdout_bytes',
  'data',
] as const;

/** So many lines in chunks: every thousandth says `needle`, every 250,000th is an error. */
export function* longLog({ id, startedAt, endedAt }: MadeRun, lines: number): Generator<readonly Copied[]> {
  const begin = startedAt ?? 0;
  const each = (endedAt - begin) / lines;
  let bytes = 0;
  for (let first = 1; first <= lines; first += CHUNK_LINES) {
    const some = Array.from({ length: Math.min(CHUNK_LINES, lines - first + 1) }, (_, at) =>
      longLine(first + at, Math.round(begin + (first + at) * each)),
    );
    const chunk = encodeLines(some);
    bytes += chunk.byte_count + some.length;
    const error = chunk.first_error === null ? null : first + chunk.first_error;
    yield [id, 'talk', first, 1, chunk.line_count, chunk.byte_count, chunk.started_at, chunk.ended_at, error, bytes, chunk.data];
  }
}

function longLine(n: number, at: number): LogLine {
  const what = n % 1_000 === 0 ? 'needle' : 'checked';
  const text = `${what} object ${n} of /srv/data/${(n * 7919) % 1_000_003}.bin, ${(n * 104_729) % 4_096} blocks`;
  return n % 250_000 === 0
    ? { at, stream: 'stderr', level: 'error', text: `failed: ${text}` }
    : { at, stream: 'stdout', level: 'info', text };
}
