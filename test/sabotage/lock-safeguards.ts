import { pure, real, type Sabotage } from './sabotage.ts';

const QUERIES = 'db/queries/locks/locks.real.test.ts';
const RUNS = 'test/locks.real.test.ts';

/** Safeguards of locks and rates: none has too many holders, and none is held by the dead. */
export const LOCK_SABOTAGES: readonly Sabotage[] = [
  {
    safeguard: 'locks',
    broken: 'whoever asks at the same time is looked at at the same time',
    file: 'db/queries/locks/claim-lock.ts',
    from: '    await lockKey(tx, project, key);\n',
    to: '',
    red: real(QUERIES, 'asked for by many at once has as many holders as it may'),
  },
  {
    safeguard: 'locks',
    broken: 'a run that has ended still takes keys',
    file: 'db/queries/locks/claim-lock.ts',
    from: 'if (row?.ended)',
    to: 'if (row === null)',
    red: real(QUERIES, 'is neither given to a run that has ended nor kept by one'),
  },
  {
    safeguard: 'locks',
    broken: 'two that wait for each other wait for ever',
    file: 'jobs/lock-queue.ts',
    from: 'if (first && isDead)',
    to: 'if (first && isDead === null)',
    red: pure('jobs/lock-queue.test.ts', 'whatever is asked for in whatever order'),
  },
  {
    safeguard: 'locks',
    broken: 'the end of a run does not free its keys',
    file: 'activities/bookkeeping/record-run.ts',
    from: 'return freeLocks(tx, { runs: [record.run] });',
    to: 'return [];',
    red: real(RUNS, 'wait in line by priority'),
  },
  {
    safeguard: 'locks',
    broken: 'a run found dead keeps its keys',
    file: 'activities/bookkeeping/reconcile.ts',
    from: 'return freeLocks(tx, { runs: records.map(({ run }) => run) });',
    to: 'return [];',
    red: real(RUNS, 'one whose workflow was terminated gives up what it held'),
  },
  {
    safeguard: 'lock grants',
    broken: 'whoever was granted a key by a worker that died is not told',
    file: 'worker/chores.ts',
    from: "    repeat('relay of granted locks', 2 * SECOND, () => relayGrants({ database, voice: workflowVoice(client) }), log),\n",
    to: '',
    red: real(RUNS, 'are told again where the worker died that was to tell them'),
  },
  {
    safeguard: 'rates',
    broken: 'starts that are asked for at the same time are given the same moment',
    file: 'db/queries/locks/reserve-start.ts',
    from: '    await tx`select pg_advisory_xact_lock(hashtextextended(${`${project} ${resource}`}, 1))`;\n',
    to: '',
    red: real(QUERIES, 'gives no more starts than it may'),
  },
];
