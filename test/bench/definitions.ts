import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { STEP_SPECS } from '#activities/catalog.ts';
import { importBundle } from '#api/job-import.ts';
import { connect } from '#db/client.ts';
import { migrate } from '#db/migrate.ts';
import { compile } from '#jobs/compile.ts';
import { type JobDefinition, parseDefinition } from '#jobs/definition.ts';
import { diffDefinitions } from '#jobs/diff/diff-definitions.ts';
import { diffLines } from '#jobs/diff/diff-lines.ts';
import { BUNDLE_FORMATS } from '#jobs/exchange/bundle.ts';
import { LIMITS } from '#jobs/limits.ts';
import { startPostgres } from '#platform/local/postgres.ts';
import { removePostgres } from '#platform/local/postgres-place.ts';
import { spread } from './measure.ts';
import type { Finding } from './result.ts';

const IMPORT_GOAL_MS = 10_000;
const DIFF_GOAL_MS = 50;

/** The largest definition read, planned and compared with another version of itself, and an import of as many jobs as one may bring. */
export async function measureDefinitions(rounds: number): Promise<readonly Finding[]> {
  const [before, after] = [largest(0), largest(1)];
  const [a, b] = [definitionOf(before), definitionOf(after)];
  return [
    finding(
      `${LIMITS.steps} steps: read, checked and planned`,
      repeat(rounds, () => compile(definitionOf(before), STEP_SPECS)),
      null,
    ),
    finding(
      `${LIMITS.steps} steps: difference of what they say`,
      repeat(rounds, () => diffDefinitions(a, b)),
      DIFF_GOAL_MS,
    ),
    finding(
      `${LIMITS.steps} steps: difference of their lines`,
      repeat(rounds, () => diffLines(before, after)),
      DIFF_GOAL_MS,
    ),
    finding(`import of ${LIMITS.importJobs} jobs`, await importTimes(Math.min(rounds, 3)), IMPORT_GOAL_MS),
  ];
}

const finding = (what: string, ms: readonly number[], goal: number | null): Finding => {
  const taken = spread(ms);
  return {
    what,
    unit: 'ms',
    capstan: taken,
    against: null,
    verdict: `${taken.median} ms`,
    goal: goal === null ? null : { words: `≤ ${goal} ms`, met: taken.median <= goal },
  };
};

function repeat(rounds: number, work: () => unknown): readonly number[] {
  work();
  return Array.from({ length: rounds }, () => {
    const began = performance.now();
    work();
    return performance.now() - began;
  });
}

const definitionOf = (source: string): JobDefinition => parseDefinition(source, STEP_SPECS).definition;

/** As many steps as there may be; in the other version a third of them differ, some are new and some stand elsewhere. */
function largest(version: 0 | 1): string {
  const ids = Array.from({ length: LIMITS.steps }, (_, at) => (version === 1 && at % 50 === 0 ? `new-${at}` : `step-${at}`));
  const inOrder = version === 0 ? ids : [...ids.slice(20), ...ids.slice(0, 20)];
  const steps = inOrder.map((id, at) => {
    const command = version === 1 && at % 3 === 0 ? `echo again ${id}` : `echo ${id}`;
    return `  - id: ${id}\n    type: local.exec\n    needs: []\n    timeout: 5m\n    config:\n      command: ${command}\n      environment: { HOST: '\${{ parameters.host }}' }\n`;
  });
  return `name: large\nparameters:\n  host: { type: string }\nsteps:\n${steps.join('')}`;
}

/** Each into an empty database of its own server. */
async function importTimes(rounds: number): Promise<readonly number[]> {
  const dir = await mkdtemp(path.join(tmpdir(), 'capstan-bench-'));
  const postgres = await startPostgres({ dir: path.join(dir, 'postgres') });
  await migrate(postgres.url);
  const database = connect({ url: postgres.url });
  try {
    const times: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const text = Array.from({ length: LIMITS.importJobs }, (_, at) => `---\n${small(`job-${round}-${at}`)}`).join('');
      const began = performance.now();
      const bundled = BUNDLE_FORMATS.yaml.parse(text);
      await importBundle({ database }, bundled, { dryRun: false, onConflict: 'fail' }, { actor: 'bench', request_id: null });
      times.push(performance.now() - began);
    }
    return times;
  } finally {
    await database.close();
    await postgres.stop();
    removePostgres(path.join(dir, 'postgres'));
    await rm(dir, { recursive: true, force: true });
  }
}

const small = (name: string): string =>
  `name: ${name}
parameters:
  host: { type: string, default: web-1 }
steps:
${['first', 'second', 'third', 'fourth', 'fifth']
  .map(
    (id) => `  - id: ${id}
    type: local.exec
    config:
      command: echo "$HOST"
      environment: { HOST: '\${{ parameters.host }}' }
`,
  )
  .join('')}`;
