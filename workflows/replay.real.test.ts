import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { DefaultLogger, Runtime, Worker, type WorkflowBundleOption } from '@temporalio/worker';
import { DeterminismViolationError } from '@temporalio/workflow';
import { describe, expect, test } from 'vitest';
import { STEP_SPECS } from '#activities/catalog.ts';
import { KEPT_RUNS } from '#test/histories/cases.ts';
import { historyFromJson } from '#test/histories/json.ts';
import { spelledOut } from '#test/histories/scrub.ts';
import { bundleWorkflows, workflowBundle } from '#worker/bundle.ts';

const here = (file: string): string => fileURLToPath(new URL(file, import.meta.url));
const FOLDER = here('histories');
const kept = readdirSync(FOLDER).map((file) => path.basename(file, '.json'));
const read = (name: string) => JSON.parse(readFileSync(path.join(FOLDER, `${name}.json`), 'utf8'));

Runtime.install({ logger: new DefaultLogger('ERROR'), telemetryOptions: { logging: { filter: 'OFF' } } });

/** A replay calls none of them, but wants to know that they exist. */
const uncalled = () => Promise.reject(new Error('a replay carries out nothing'));
const activities = Object.fromEntries(
  [
    ...Object.keys(STEP_SPECS),
    'recordRun',
    'inlineSteps',
    'resolveTargets',
    'acquireLocks',
    'releaseLocks',
    'resolveLocalTime',
    'takeArrival',
    'writeNotices',
    'startSubRun',
    'lookAtSubRun',
    'stopSubRun',
    'acceptFire',
    'whyCancelled',
  ].map((name) => [name, uncalled]),
);

/** What went wrong in each replay; empty when the workflow gave the commands it gave then. */
async function replay(bundle: WorkflowBundleOption, names: readonly string[]) {
  const histories = names.map((name) => ({ workflowId: name, history: historyFromJson(read(name)) }));
  const wrong = [];
  // The option's type leaves `activities` out; without them a local activity is refused by name.
  const options = { workflowBundle: bundle, activities };
  for await (const { workflowId, error } of Worker.runReplayHistories(options, histories)) if (error) wrong.push({ workflowId, error });
  return wrong;
}

describe('kept histories', () => {
  test('hold one of every way that a run can go', () => {
    const runs = new Set(kept.map((name) => name.replace(/-\d+$/, '')));
    expect([...runs].sort()).toEqual(KEPT_RUNS.map(({ job }) => job.name).sort());
    expect(kept.filter((name) => name.startsWith('continued-as-new')).length).toBeGreaterThan(1);
  });

  test('name no machine, no folder of one and no process stack', () => {
    for (const name of kept) {
      const text = spelledOut(read(name));
      expect(text, name).not.toMatch(/\/(root|home|work|Users)\/|file:\/\/|node_modules/);
      expect(
        [...text.matchAll(/"identity":"([^"]*)"/g)].filter(([, identity]) => identity !== 'recorder'),
        name,
      ).toEqual([]);
    }
  });

  test('are replayed by the workflow code as it is, each to the same commands', async () => {
    expect(await replay(await workflowBundle(path.resolve('.capstan/bundle')), kept)).toEqual([]);
  });

  test('are not replayed by an interpreter that starts steps in another order', async () => {
    const changed = await bundleWorkflows(here('testing/backwards.ts'));
    const wrong = await replay(changed, ['steps-using-outputs', 'parallel-branches']);
    expect(wrong).toEqual([{ workflowId: 'parallel-branches', error: expect.any(DeterminismViolationError) }]);
  });
});
