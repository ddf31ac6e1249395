import { real, type Sabotage } from './sabotage.ts';

const BULK = 'db/queries/bulk.real.test.ts';
const DIES = 'what was done by a worker that died before it could tell';

/** Safeguards of what is started: once for all at many, as its plan says, with secrets that go when it ends. */
export const START_SABOTAGES: readonly Sabotage[] = [
  {
    safeguard: 'bulk',
    broken: 'what became of a subject counts each time it is told',
    file: 'db/queries/bulk.ts',
    from: " and i.status in ('pending', 'cancelled') returning i.status",
    to: ' returning i.status',
    red: real(BULK, 'is told twice and counts once'),
  },
  {
    safeguard: 'bulk',
    broken: 'the same request with the same key is one more operation',
    file: 'db/queries/bulk.ts',
    from: 'if (made) return bulkOfKey(tx, project, made);',
    to: '',
    red: real(BULK, 'asked for many times with one key is one'),
  },
  {
    safeguard: 'bulk',
    broken: 'a run is retried once more by whoever goes on after a dead worker',
    file: 'activities/bookkeeping/bulk-actions.ts',
    from: 'insertRun(sql, accepted, audit, { key, body_hash: key })',
    to: 'insertRun(sql, accepted, audit, { key: uuidv7(), body_hash: key })',
    red: real('test/bulk.real.test.ts', DIES),
  },
  {
    safeguard: 'bulk',
    broken: 'what a dead worker had cancelled counts as failed',
    file: 'activities/bookkeeping/bulk-actions.ts',
    from: "if (run.status === 'cancelled' && (await isRepeat(order, deps, 'run.cancel'))) return null;",
    to: '',
    red: real('test/bulk.real.test.ts', DIES),
  },
  {
    safeguard: 'secret parameters',
    broken: 'they outlive their run',
    file: 'db/queries/record-runs.ts',
    from: 'delete from run_secrets where run_id = any(array(select run from newer where ended))',
    to: 'delete from run_secrets where run_id = any(array(select run from newer where ended and false))',
    red: real('test/secrets.real.test.ts', 'that was given at start stands nowhere either'),
  },
  {
    safeguard: 'plan',
    broken: 'a start by a plan does not look whether what it says still holds',
    file: 'api/runs/plan-ahead.ts',
    from: 'if (hash === kept.hash) return kept;',
    to: "if (hash !== '') return kept;",
    red: real('test/plans.real.test.ts', 'is refused once targets or the version are others'),
  },
  {
    safeguard: 'secret parameters',
    broken: 'the command takes them from its own words, which everybody on the machine sees',
    file: 'cli/parameters.ts',
    from: 'if (schemas[name]?.secret === true) {',
    to: 'if (schemas[name]?.secret === null) {',
    red: real('cli/cli.real.test.ts', 'a secret is never taken from the command line'),
  },
];
