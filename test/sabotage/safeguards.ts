/** One way to break a safeguard, and the test that must notice. */
export interface Sabotage {
  /** Which safeguard, as it is asked for on the command line. */
  readonly safeguard: string;
  /** What the product does once it is broken. */
  readonly broken: string;
  readonly file: string;
  /** Text that stands exactly once in the file, and what takes its place. */
  readonly from: string;
  readonly to: string;
  /** The test that turns red: its project, its file, and words of its title. */
  readonly red: RedTest;
}

export interface RedTest {
  readonly project: 'pure' | 'real';
  readonly file: string;
  readonly title: string;
}

const pure = (file: string, title: string): RedTest => ({ project: 'pure', file, title });
const real = (file: string, title: string): RedTest => ({ project: 'real', file, title });

/** Every safeguard of the product that would fail in silence. */
export const SABOTAGES: readonly Sabotage[] = [
  {
    safeguard: 'host verifier',
    broken: 'a key that was refused is used all the same',
    file: 'activities/transports/ssh/client.ts',
    from: 'answer(false);',
    to: 'answer(true);',
    red: real('activities/transports/ssh/connect.real.test.ts', 'that changed is refused with both fingerprints'),
  },
  {
    safeguard: 'host verifier',
    broken: 'any key is good once one is pinned',
    file: 'activities/transports/ssh/host-key.ts',
    from: 'if (pins.some((pin) => pin.key === shown.key))',
    to: 'if (pins.length > 0)',
    red: real('test/host-keys.real.test.ts', 'is pinned at the first contact'),
  },
  {
    safeguard: 'outbox relay',
    broken: 'no worker relays',
    file: 'worker/chores.ts',
    from: "repeat('relay', SECOND, () => relayStarts(database, client), log),",
    to: '',
    red: real('worker/relay.real.test.ts', 'a run that was accepted but never started'),
  },
  {
    safeguard: 'outbox relay',
    broken: 'a start that Temporal did not take is struck off',
    file: 'worker/relay.ts',
    from: ".filter((_, index) => outcomes[index]?.status === 'fulfilled')",
    to: '',
    red: real('worker/relay.real.test.ts', 'a start that Temporal did not take stays owed'),
  },
  {
    safeguard: 'cancel',
    broken: 'a run is only signalled, and Temporal never asked to cancel it',
    file: 'platform/temporal/cancel-workflow.ts',
    from: 'await handle.cancel();',
    to: '',
    red: real('worker/relay.real.test.ts', 'a run that is cancelled while its start is under way'),
  },
  {
    safeguard: 'seq guard',
    broken: 'an older record of a run overwrites a newer one',
    file: 'db/queries/record-runs.ts',
    from: 'on l.id = told.run where told.seq > l.seq',
    to: 'on l.id = told.run',
    red: real('db/queries/record-runs.real.test.ts', 'a record that is not newer changes nothing'),
  },
  {
    safeguard: 'seq guard',
    broken: 'an older attempt of a step overwrites a newer one',
    file: 'db/queries/record-steps.ts',
    from: 'where excluded.attempt >= t.attempt',
    to: 'where true',
    red: real('db/queries/record-steps.real.test.ts', 'an older attempt never overwrites a newer one'),
  },
  {
    safeguard: 'masking',
    broken: 'output goes to the log as it came',
    file: 'activities/envelope/log-writer.ts',
    from: 'mask.pass(bytes)',
    to: '(void mask, Buffer.from(bytes))',
    red: real('test/secrets.real.test.ts', 'on the worker stands in no row'),
  },
  {
    safeguard: 'masking',
    broken: 'a result is handed on as it came',
    file: 'activities/envelope/attempt.ts',
    from: 'const result = masker.json(raw) as JsonObject;',
    to: 'const result = raw as JsonObject;',
    red: real('activities/envelope/attempt.real.test.ts', 'masks what a declared output would hand on'),
  },
  {
    safeguard: 'masking',
    broken: 'a secret split over two reads is not held back',
    file: 'activities/envelope/mask.ts',
    from: 'data.length - (depth[state] ?? 0)',
    to: 'data.length',
    red: pure('activities/envelope/mask.test.ts', 'output masks the same however its bytes were split'),
  },
  {
    safeguard: 'masking',
    broken: 'a secret in base64 is not known',
    file: 'activities/envelope/disguises.ts',
    from: '...[0, 1, 2].flatMap((offset) => base64Core(bytes, offset)),',
    to: '',
    red: real('test/secrets.real.test.ts', 'on the worker stands in no row'),
  },
  {
    safeguard: 'idempotency',
    broken: 'a key that was used makes another run',
    file: 'db/queries/insert-run.ts',
    from: 'or exists (select from key)',
    to: 'or true',
    red: real('db/queries/insert-run.real.test.ts', 'fifty equal requests at once with one key make one run'),
  },
  {
    safeguard: 'idempotency',
    broken: 'a key answers for any request',
    file: 'db/queries/insert-run.ts',
    from: 'if (known.body_hash !== body_hash)',
    to: 'if (known.body_hash === "")',
    red: real('db/queries/insert-run.real.test.ts', 'the same key with another request is a conflict'),
  },
  {
    safeguard: 'idempotency',
    broken: 'the API does not look at the key',
    file: 'api/runs/start-run.ts',
    from: 'if (key === undefined) return null;',
    to: 'if (key !== "") return null;',
    red: real('api/runs.real.test.ts', 'fifty starts at once with one key are one run'),
  },
  {
    safeguard: 'idempotency',
    broken: 'a run that ended may be started again',
    file: 'workflows/messages.ts',
    from: "workflowIdReusePolicy: 'REJECT_DUPLICATE'",
    to: "workflowIdReusePolicy: 'ALLOW_DUPLICATE'",
    red: real('worker/relay.real.test.ts', 'a start that stays owed after its run has ended'),
  },
  {
    safeguard: 'permission check',
    broken: 'any permission is enough',
    file: 'api/access/can.ts',
    from: 'if (!identity.permissions.has(permission))',
    to: 'if (identity.permissions.size === 0)',
    red: real('api/access.real.test.ts', 'is refused exactly what the role does not hold'),
  },
  {
    safeguard: 'permission check',
    broken: 'nobody needs to sign in',
    file: 'api/access/can.ts',
    from: 'if (!identity) {',
    to: 'if (!identity) return next();\n    if (!identity) {',
    red: real('api/access.real.test.ts', 'without a login everything answers 401 but the public list'),
  },
  {
    safeguard: 'permission check',
    broken: 'a route that states no permission is served',
    file: 'api/access/can.ts',
    from: 'if (!stated.has(findTargetHandler(handler)))',
    to: 'if (route === "")',
    red: pure('api/access/can.test.ts', 'a route without a permission keeps the API from starting'),
  },
  {
    safeguard: 'replay',
    broken: 'the interpreter starts steps in another order',
    file: 'workflows/run-job.ts',
    from: 'nextSteps(run.input.plan, run.state)',
    to: 'nextSteps(run.input.plan, run.state).toReversed()',
    red: real('workflows/replay.real.test.ts', 'are replayed by the workflow code as it is'),
  },
  {
    safeguard: 'replay',
    broken: 'the interpreter writes no row for a step that was skipped or waits',
    file: 'workflows/run-job.ts',
    from: 'if (changed.length > 0 || untold) await recordNow(',
    to: 'if (untold && changed.length < 0) await recordNow(',
    red: real('workflows/replay.real.test.ts', 'are replayed by the workflow code as it is'),
  },
  {
    safeguard: 'binding rule',
    broken: 'a text pasted into a command is saved',
    file: 'jobs/expression-rules.ts',
    from: '...(code === undefined ? [] : bindingProblems(text, scope, code)),',
    to: '...(code === undefined ? [] : bindingProblems("", scope, code)),',
    red: pure('jobs/binding-rule.test.ts', 'a definition that pastes a text into a command is not saved'),
  },
  {
    safeguard: 'binding rule',
    broken: 'a value that breaks out of a command is rendered',
    file: 'jobs/expression/render.ts',
    from: 'if (isCode && !isSafeInCode(value))',
    to: 'if (isCode && !isSafeInCode(value) && value === "")',
    red: pure('jobs/binding-rule.test.ts', 'a value that breaks out fails the step'),
  },
  {
    safeguard: 'binding rule',
    broken: 'the run does not say which texts are code',
    file: 'jobs/compile.ts',
    from: 'code: codeFields(spec.config, config),',
    to: 'code: codeFields(spec.config, {}),',
    red: pure('jobs/binding-rule.test.ts', 'a value that breaks out fails the step'),
  },
  {
    safeguard: 'log back-pressure',
    broken: 'output never waits for the database',
    file: 'activities/envelope/log-sink.ts',
    from: 'room: () => full,',
    to: 'room: () => (full, undefined),',
    red: real('activities/envelope/flood.real.test.ts', '300 MB of output grow the worker by less than 64 MB'),
  },
  {
    safeguard: 'log back-pressure',
    broken: 'a reader that falls behind does not hold the host back',
    file: 'activities/transports/drain.ts',
    from: 'stream.pause();',
    to: '',
    red: real('activities/transports/ssh/pool.real.test.ts', 'a reader that falls behind holds the remote command back'),
  },
  {
    safeguard: 'no silent second time',
    broken: 'what a dead worker left is executed again whatever the job says',
    file: 'activities/envelope/attempts.ts',
    from: 'if (isRetried(error.type, executions, retry)) return',
    to: 'if (known === null || isRetried(error.type, executions, retry)) return',
    red: real('test/effects.real.test.ts', 'a worker killed during a command'),
  },
];
