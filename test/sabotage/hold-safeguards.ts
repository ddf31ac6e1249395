import { pure, real, type Sabotage } from './sabotage.ts';

/** Safeguards of steps that wait: who may answer, what counts once, what is not lost. */
export const HOLD_SABOTAGES: readonly Sabotage[] = [
  {
    safeguard: 'approval',
    broken: 'whoever started the run answers for it',
    file: 'jobs/holds/approval.ts',
    from: 'if (barred.includes(actor)) {',
    to: 'if (barred.length > 1_000) {',
    red: pure('jobs/holds/approval.test.ts', 'not whoever started the run'),
  },
  {
    safeguard: 'approval',
    broken: 'the run takes whatever answer it is sent',
    file: 'workflows/answers.ts',
    from: '{ validator: (answer) => refuse(run, answer) }',
    to: '{ validator: (answer) => void [refuse, answer] }',
    red: real('test/holds.real.test.ts', 'is given once by those who are asked'),
  },
  {
    safeguard: 'approval',
    broken: 'of a definition of its own only the last starter is kept from answering',
    file: 'api/runs/start-run.ts',
    from: 'return findAuthor(sql, { job_id: id, version, earlier });',
    to: 'return (await findAuthor(sql, { job_id: id, version, earlier })) && null;',
    red: real('test/holds.real.test.ts', 'is not for whoever wrote that, whoever runs it again'),
  },
  {
    safeguard: 'waits',
    broken: 'a run sleeps through the moment its wait is over',
    file: 'jobs/next-moment.ts',
    from: "state?.status === 'held' ? momentOf(state.hold)",
    to: "state?.status === 'held' && momentOf(state.hold) === 0 ? 0",
    red: pure('jobs/holds/holds-in-runs.test.ts', 'a run wakes at the first moment'),
  },
  {
    safeguard: 'webhook',
    broken: 'an address may be made up',
    file: 'platform/signed-token.ts',
    from: '&& timingSafeEqual(given, expected)',
    to: '&& timingSafeEqual(given, given)',
    red: pure('platform/signed-token.test.ts', 'a token for another purpose'),
  },
  {
    safeguard: 'webhook',
    broken: 'an address takes a second body',
    file: 'db/queries/webhook-arrivals.ts',
    from: 'on conflict do nothing returning body',
    to: 'on conflict (run_id, key) do update set body = excluded.body returning body',
    red: real('db/queries/holds.real.test.ts', 'an address takes one body'),
  },
  {
    safeguard: 'webhook',
    broken: 'what an API took and did not live to tell is forgotten',
    file: 'worker/chores.ts',
    from: '() => relayArrivals(database, client)',
    to: 'async () => void [relayArrivals, client]',
    red: real('test/holds.real.test.ts', 'is told by a worker'),
  },
];
