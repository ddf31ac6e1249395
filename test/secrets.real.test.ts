import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Sshd, sshdMissing, startSshd } from './peers/sshd.ts';
import { databaseDump, filesBelow, formsOf, historyText } from './secret-search.ts';
import { created, registerTarget } from './ssh-target.ts';
import { type Stack, startStack } from './stack.ts';

const CANARY = `canary-${randomBytes(15).toString('hex')}`;
const FORMS = formsOf(CANARY);
const formsIn = (text: string): readonly string[] => FORMS.filter((form) => text.includes(form));

let stack: Stack;
let logs: string;
let sshd: Sshd | null = null;
beforeAll(async () => {
  logs = await mkdtemp(path.join(tmpdir(), 'capstan-secrets-'));
  stack = await startStack({ env: { CAPSTAN_LOGGING__LEVEL: 'trace', CAPSTAN_LOGGING__DIR: logs } });
  await created(stack.as, '/credentials', { name: 'canary', kind: 'ssh_password', username: 'nobody', password: CANARY });
  if (sshdMissing !== null) return;
  sshd = await startSshd();
  await registerTarget(stack.as, 'host', sshd);
});
afterAll(async () => {
  await stack?.stop();
  await sshd?.stop();
  await rm(logs, { recursive: true, force: true });
});

/** Says the secret in every way it can, first in success and then in failure. */
const blab = (type: string, exit: number, bound: string) => ({
  type,
  secrets: { TOKEN: bound },
  retry: { attempts: 1 },
  continue_on_failure: true,
  config: {
    command: [
      'printf "proof %s\\n" "$(printf %s "$TOKEN" | sha256sum | cut -d" " -f1)"',
      'echo "$TOKEN"; echo "$TOKEN" >&2',
      'printf %s "$TOKEN" | base64; printf "u:%s" "$TOKEN" | base64; printf "us:%s" "$TOKEN" | base64',
      'printf "%s" "$TOKEN" | od -An -v -tx1 | tr -d " \\n"',
      `exit ${exit}`,
    ].join('\n'),
  },
  outputs: { said: '${{ result.stdout }}' },
});

/** Runs a job whose steps tell all they know, and looks for the secret wherever something is kept. */
async function runAndSearch(name: string, type: string, target: string | null, bound = 'canary.password'): Promise<void> {
  const asked = bound.startsWith('parameters.') ? { parameters: { token: { type: 'string', secret: true, minLength: 8 } } } : {};
  const given = asked.parameters ? { parameters: { token: CANARY } } : {};
  const steps = [
    { id: 'tells', ...blab(type, 0, bound) },
    { id: 'fails', ...blab(type, 7, bound) },
    { id: 'hears', type: 'local.exec', config: { command: 'cat', stdin: '${{ steps.tells.outputs.said }}' } },
  ];
  const run = await stack.as.start(await stack.as.job({ name, ...asked, ...(target && { target }), steps }), given);
  expect(await stack.as.until(run)).toMatchObject({ status: 'completed', completed_steps: 2, failed_steps: 1 });

  // The command did have the secret, and what it said of it is there, masked.
  const proof = createHash('sha256').update(CANARY).digest('hex');
  for (const key of ['tells', 'fails']) {
    const lines = (await stack.as.log(run, key)).map(({ text }) => text);
    expect(lines).toContain(`proof ${proof}`);
    expect(lines.filter((line) => line === '***').length).toBeGreaterThanOrEqual(2);
  }
  const told = await historyText(stack.temporal, run);
  expect(told).toContain(proof);
  expect(formsIn(told)).toEqual([]);
  const dump = await databaseDump(stack.database.sql);
  expect(dump.get('log_chunks, unpacked')).toContain(proof);
  for (const [table, rows] of dump) expect(formsIn(rows), table).toEqual([]);
  for (const [file, text] of await filesBelow(logs)) expect(formsIn(text), file).toEqual([]);
  expect(formsIn(stack.worker.output() + stack.api.output())).toEqual([]);
  for (const path of [`/runs/${run}`, `/runs/${run}/steps`, `/runs/${run}/history`, '/audit', '/credentials', `/jobs/${name}`])
    expect(formsIn(JSON.stringify((await stack.as.call('GET', path)).body)), path).toEqual([]);
}

describe('a secret that a command says aloud', () => {
  test('on the worker stands in no row, no log, no answer and no history', () => runAndSearch('tell-locally', 'local.exec', null));

  test.skipIf(sshdMissing !== null)(
    `on a host stands in no row, no log, no answer and no history${sshdMissing === null ? '' : ` (${sshdMissing})`}`,
    () => runAndSearch('tell-remotely', 'ssh.exec', 'host'),
  );

  test('that was given at start stands nowhere either, is gone when the run ends, and is asked for anew', async () => {
    await runAndSearch('given', 'local.exec', null, 'parameters.token');
    expect(await stack.database.sql`select from run_secrets`).toHaveLength(0);
    const { body: list } = await stack.as.call('GET', '/runs?job=given');
    const [{ id } = { id: '' }] = list.items as unknown as readonly { id: string }[];
    const said = async (path: string, sent: object) => {
      const { status, body } = await stack.as.call('POST', path, sent);
      return { status, body, problems: (body.problems ?? []) as unknown as readonly { pointer: string; message: string }[] };
    };
    const missing = { status: 422, problems: [{ pointer: '/parameters/token', message: expect.stringContaining('is missing') }] };
    expect(await said('/jobs/given/runs', {})).toMatchObject(missing);
    expect(await said(`/runs/${id}/retry`, {})).toMatchObject(missing);
    expect(await said(`/runs/${id}/rerun`, { from: ['fails'] })).toMatchObject(missing);
    const short = await said('/jobs/given/runs', { parameters: { token: 'abc4711' } });
    expect(short.problems).toMatchObject([{ message: 'parameters.token: is not what the definition asks of this secret' }]);
    expect(JSON.stringify(short.body)).not.toContain('abc4711');
    expect((await said(`/runs/${id}/retry`, { parameters: { other: 1 } })).problems).toMatchObject([{ pointer: '/parameters/other' }]);
    const again = await said(`/runs/${id}/retry`, { parameters: { token: CANARY } });
    expect((await stack.as.until(String(again.body.id))).status).toBe('completed');
    expect([...(await databaseDump(stack.database.sql)).values()].flatMap(formsIn)).toEqual([]);
  });

  test('would be found by this search', async () => {
    const run = await stack.as.start(
      await stack.as.job({
        name: 'leak',
        parameters: { word: { type: 'string' } },
        steps: [{ id: 'one', type: 'local.exec', config: { command: 'echo "$W"', environment: { W: '${{ parameters.word }}' } } }],
      }),
      { parameters: { word: CANARY } },
    );
    await stack.as.until(run);
    const dump = await databaseDump(stack.database.sql);
    for (const table of ['log_chunks, unpacked', 'run_steps'])
      expect(
        [...dump].filter(([name]) => name.startsWith(table)).flatMap(([, rows]) => formsIn(rows)),
        table,
      ).toContain(CANARY);
    expect(formsIn(await historyText(stack.temporal, run))).toContain(CANARY);
  });
});
