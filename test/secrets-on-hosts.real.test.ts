import { execFileSync, spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { INVENTORY_FORMAT_NAMES } from '#jobs/inventory/formats.ts';
import { eventually } from './api-client.ts';
import { type Frr, frrMissing, startFrr } from './peers/frr.ts';
import { type Sshd, sshdMissing, startSshd } from './peers/sshd.ts';
import { databaseDump, filesBelow, formsOf, historyText } from './secret-search.ts';
import { created } from './ssh-target.ts';
import { type Stack, startStack } from './stack.ts';

const missing =
  sshdMissing ?? (process.getuid?.() === 0 ? null : 'only root can run a server that checks passwords, and look at all processes');
const canary = (name: string): string => `${name}-${randomBytes(15).toString('hex')}`;
/** Bound to steps, as a variable of a command and as a word given to a device. */
const TOKEN = canary('token');
const PASSPHRASE = canary('passphrase');
const REFUSED = canary('refused');
/** No secret: a parameter, and so kept. But like one it has no business in argument lists and in files on hosts. */
const INPUT = canary('input');
/** No secret at all: stands wherever a search must be able to find something. */
const CONTROL = canary('control');
const PROOF = createHash('sha256').update(TOKEN).digest('hex');
const say = 'echo "proof $(printf %s "$TOKEN" | sha256sum | cut -d" " -f1)"';

describe.skipIf(missing !== null)(`secrets of steps on hosts${missing === null ? '' : ` (${missing})`}`, () => {
  let stack: Stack;
  let gate: Sshd;
  let host: Sshd;
  let frr: Frr | null = null;
  let logs: string;
  /** Home of the login on the host. */
  let home: string;
  let secrets: readonly string[];
  const runs: string[] = [];
  const formsIn = (text: string, of = secrets): readonly string[] =>
    of.filter((secret) => formsOf(secret).some((form) => text.includes(form)));

  beforeAll(async () => {
    logs = mkdtempSync(path.join(tmpdir(), 'capstan-secrets-'));
    home = mkdtempSync(path.join(tmpdir(), 'capstan-home-'));
    chmodSync(home, 0o777);
    [stack, gate, host, frr] = await Promise.all([
      startStack({ env: { CAPSTAN_LOGGING__LEVEL: 'trace', CAPSTAN_LOGGING__DIR: logs } }),
      startSshd(),
      startSshd({ config: [`SetEnv HOME=${home}`] }),
      frrMissing === null ? startFrr() : null,
    ]);
    const locked = withPassphrase(gate.privateKey, PASSPHRASE);
    const login = { username: host.user, kind: 'ssh_password' };
    await created(stack.as, '/credentials', { name: 'token', kind: 'ssh_password', username: 'nobody', password: TOKEN });
    await created(stack.as, '/credentials', {
      name: 'gate-key',
      kind: 'ssh_key',
      username: gate.user,
      private_key: locked,
      passphrase: PASSPHRASE,
    });
    await created(stack.as, '/credentials', { ...login, name: 'host-login', password: host.password });
    await created(stack.as, '/credentials', { ...login, name: 'refused-login', password: REFUSED });
    const at = ({ host, port, hostKeys }: Sshd) => ({ host, port, host_keys: hostKeys.map(({ type, key }) => ({ type, key })) });
    await created(stack.as, '/targets', { name: 'gate', ...at(gate), credential: 'gate-key' });
    const behind = { ...at(host), jump: 'gate', attributes: { note: CONTROL } };
    await created(stack.as, '/targets', { ...behind, name: 'host', credential: 'host-login' });
    await created(stack.as, '/targets', { ...behind, name: 'refusing', credential: 'refused-login' });
    secrets = [TOKEN, PASSPHRASE, REFUSED, host.password ?? '', locked.split('\n')[4] ?? ''];
    expect(secrets.filter((secret) => secret.length < 20)).toEqual([]);
    if (frr === null) return;
    const { vty, linePassword, enableSecret } = frr;
    await created(stack.as, '/credentials', {
      name: 'edge-login',
      kind: 'device',
      username: vty.user,
      private_key: vty.privateKey,
      line_password: linePassword,
      enable_secret: enableSecret,
    });
    await created(stack.as, '/targets', { name: 'edge', kind: 'device', device_type: 'frr_vty', ...at(vty), credential: 'edge-login' });
    secrets = [...secrets, linePassword, enableSecret];
  });
  afterAll(async () => {
    await stack?.stop();
    await Promise.all([gate?.stop(), host?.stop(), frr?.stop()]);
    for (const directory of [logs, home]) rmSync(directory, { recursive: true, force: true });
  });
  afterEach(() => {
    if (stack.worker.ended) stack.worker.start();
  });

  /** Starts a job of one step that has the secret as TOKEN. */
  async function start(name: string, step: object, job: object = {}, given: { readonly [field: string]: unknown } = {}): Promise<string> {
    await stack.as.job({ name, ...job, steps: [{ id: 'one', secrets: { TOKEN: 'token.password' }, retry: { attempts: 1 }, ...step }] });
    const run = await stack.as.start(name, given);
    runs.push(run);
    return run;
  }
  const linesOf = async (run: string) => (await stack.as.log(run, 'one')).map(({ text }) => text);
  const untilSaid = (run: string, line: string) =>
    eventually(
      () => linesOf(run),
      (lines) => lines.includes(line),
      60_000,
    );
  const onHost = () => filesBelow(home);

  test('while a detached command holds one, only the environment of the command itself does', async () => {
    const go = path.join(host.directory, 'go');
    const command = `echo ${CONTROL}; ${say}; while [ ! -e ${go} ]; do sleep 1; done; echo "$TOKEN"; printf "u:%s" "$TOKEN" | base64 >&2`;
    const run = await start(
      'holds',
      { type: 'ssh.exec', target: 'host', config: { command, stdin: '${{ parameters.input }}' } },
      { parameters: { input: { type: 'string' } } },
      { parameters: { input: INPUT } },
    );
    await untilSaid(run, `proof ${PROOF}`);

    const shown = spawn('/bin/sh', ['-c', 'read -r x', 'x'.repeat(3000) + CONTROL], { stdio: ['pipe', 'ignore', 'ignore'] });
    await eventually(
      async () => argumentsOfAll(),
      (text) => text.includes(CONTROL),
      10_000,
    );
    expect(formsIn(argumentsOfAll(), [...secrets, INPUT])).toEqual([]);
    shown.stdin.end();

    const holding = await eventually(
      async () => environments().filter((text) => text.includes(TOKEN)),
      (texts) => texts.length > 0,
      10_000,
    );
    for (const text of holding) expect(text).toContain(`CAPSTAN_MARK=${run}/`);
    expect(formsIn(environments().join('\n'), [INPUT, ...secrets.filter((secret) => secret !== TOKEN)])).toEqual([]);

    const during = await onHost();
    expect([...during.values()].join('\n')).toContain(CONTROL);
    for (const file of during.keys()) expect(file).toContain(`${home}/.capstan/${run}/one.0/1/`);
    for (const [file, text] of during) expect(formsIn(text, [...secrets, INPUT]), file).toEqual([]);

    const pending = await pendingActivities(run);
    expect(pending).toContain('"checkpoint"');
    expect(formsIn(pending)).toEqual([]);
    await searchEverything();

    writeFileSync(go, '');
    expect(await stack.as.until(run)).toMatchObject({ status: 'completed' });
    expect((await linesOf(run)).filter((line) => line === '***')).toHaveLength(1);
    for (const [file, text] of await onHost()) expect(formsIn(text, [...secrets, INPUT]), file).toEqual([]);
  }, 120_000);

  test('a command killed after its worker leaves none, though what it said itself stood in its output until then', async () => {
    const run = await start('killed', {
      type: 'ssh.exec',
      target: 'host',
      config: { command: `echo "$TOKEN"; ${say}; sleep 300` },
    });
    await untilSaid(run, `proof ${PROOF}`);
    await stack.worker.kill();
    // That the output is found shows that this search would find the secret anywhere here.
    const saying = async () => [...(await onHost())].filter(([, text]) => formsIn(text).length > 0).map(([file]) => file);
    expect(await saying()).toEqual([`${home}/.capstan/${run}/one.0/1/out`]);
    expect(formsIn(argumentsOfAll())).toEqual([]);

    await stack.as.call('POST', `/runs/${run}/cancel`, { reason: 'enough' });
    stack.worker.start();
    expect(await stack.as.until(run, undefined, 90_000)).toMatchObject({ status: 'cancelled' });
    await stack.temporal.schedule.getHandle('capstan-janitor').trigger();
    await eventually(saying, (files) => files.length === 0, 45_000);
    expect([...(await onHost()).keys()].filter((file) => file.includes(run))).toEqual([]);
    expect(environments().filter((text) => text.includes(TOKEN))).toEqual([]);
  }, 180_000);

  test('a file sent, a login refused, a look at each host and a key that does not open tell none', async () => {
    const remote_path = path.join(host.directory, CONTROL);
    const sent = await start('sends', { type: 'sftp.upload', target: 'host', secrets: {}, config: { content: 'plain', remote_path } });
    expect(await stack.as.until(sent)).toMatchObject({ status: 'completed' });
    const refused = await start('refused', { type: 'ssh.exec', target: 'refusing', config: { command: say } });
    expect(await stack.as.until(refused)).toMatchObject({ status: 'failed' });
    expect(await stack.as.steps(refused)).toMatchObject([{ error: { type: 'auth' } }]);
    const looks = await stack.as.call('POST', '/targets/check', { target: { kind: 'ssh' } });
    expect(JSON.stringify(looks.body)).toContain('refusing');
    const unopened = { kind: 'ssh_key', username: 'x', private_key: withPassphrase(gate.privateKey, PASSPHRASE), passphrase: REFUSED };
    const answer = await stack.as.call('POST', '/credentials', { ...unopened, name: 'unopened' });
    expect(answer.status).toBe(422);
    expect(formsIn(JSON.stringify([looks.body, answer.body]))).toEqual([]);
  }, 120_000);

  test.skipIf(frrMissing !== null)(
    `a device that is given one and prints it back is heard without it${frrMissing === null ? '' : ` (${frrMissing})`}`,
    async () => {
      const lines = ['router bgp 65001', { line: 'neighbor 10.1.0.7 password', secret: 'TOKEN' }];
      const told = await start('told', { type: 'device.command', target: 'edge', config: { enable: true, config_lines: lines } });
      expect(await stack.as.until(told)).toMatchObject({ status: 'completed' });
      const commands = ['terminal length 0', 'show running-config'];
      const printed = await start('printed', { type: 'device.command', target: 'edge', config: { enable: true, commands } });
      expect(await stack.as.until(printed)).toMatchObject({ status: 'completed' });
      expect(await frr?.ask(['show running-config'])).toContain(TOKEN);
      const masked = (await linesOf(printed)).filter((line) => line.endsWith(' ***'));
      expect(masked).toEqual(expect.arrayContaining(['password ***', 'enable password ***', ' neighbor 10.1.0.7 password ***']));
    },
    120_000,
  );

  test('no row, log, history, answer or export has one, in places where other words of these runs are found', async () => {
    const { dump, answers } = await searchEverything();
    const found: readonly [string, string][] = [
      ['command_results', CONTROL],
      ['file_transfers', CONTROL],
      ['targets', CONTROL],
      ['audit_entries', CONTROL],
      ['log_chunks, unpacked', PROOF],
      ['run_steps', PROOF],
      ['ssh_sessions', 'gate'],
      ['session_uses', runs[0] ?? '?'],
      ['target_checks', 'auth'],
      ['step_attempts', 'auth'],
    ];
    for (const [table, word] of found) expect(dump.get(table), table).toContain(word);
    expect(answers.get('/targets')).toContain(CONTROL);
    expect(answers.get(`/runs/${runs[0]}/steps/one/commands`)).toContain(CONTROL);
    expect(answers.get('/targets/export?format=yaml')).toContain(CONTROL);
    expect(answers.get('/credentials')).toContain('gate-key');
  }, 120_000);

  /** Looks for every secret in all that is kept and answered; answers with what it looked through. */
  async function searchEverything(): Promise<{ dump: ReadonlyMap<string, string>; answers: ReadonlyMap<string, string> }> {
    for (const run of runs) expect(formsIn(await historyText(stack.temporal, run)), run).toEqual([]);
    const dump = await databaseDump(stack.database.sql);
    for (const [table, rows] of dump) expect(formsIn(rows), table).toEqual([]);
    const written = await filesBelow(logs);
    expect([...written.values()].join('\n')).toContain(runs[0]);
    for (const [file, text] of written) expect(formsIn(text), file).toEqual([]);
    expect(formsIn(stack.worker.output() + stack.api.output())).toEqual([]);

    const ofSteps = ['', '/steps', '/history', ...['commands', 'sessions', 'transfers', 'log'].map((what) => `/steps/one/${what}`)];
    const asked = [
      ...runs.flatMap((run) => ofSteps.map((what) => `/runs/${run}${what}`)),
      ...['/credentials', '/credentials/host-login', '/targets', '/targets/host', '/targets/refusing/checks', '/audit', '/workers'],
      ...INVENTORY_FORMAT_NAMES.map((format) => `/targets/export?format=${format}`),
    ];
    const answers = new Map<string, string>();
    for (const address of asked) {
      const answer = await fetch(`${stack.url}/api/v1${address}`, { headers: { authorization: `Bearer ${stack.token}` } });
      expect(answer.status, address).toBe(200);
      answers.set(address, await answer.text());
      expect(formsIn(answers.get(address) ?? ''), address).toEqual([]);
    }
    return { dump, answers };
  }

  /** What Temporal shows of a run's activities under way, heartbeats opened. */
  async function pendingActivities(run: string): Promise<string> {
    const { raw } = await stack.temporal.workflow.getHandle(`run:${run}`).describe();
    return (raw.pendingActivities ?? [])
      .flatMap(({ heartbeatDetails, lastFailure }) => [
        ...(heartbeatDetails?.payloads ?? []).map(({ data }) => Buffer.from(data ?? []).toString()),
        JSON.stringify(lastFailure ?? null),
      ])
      .join('\n');
  }
});

/** The arguments of every process of the machine, in full. */
const argumentsOfAll = (): string => execFileSync('ps', ['-eww', '-o', 'args'], { encoding: 'latin1', maxBuffer: 64 * 1024 * 1024 });

/** The environment of every process but this one's. */
const environments = (): readonly string[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && name !== String(process.pid))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/environ`, 'latin1');
      } catch {
        return '';
      }
    });

/** The same key, locked. */
function withPassphrase(key: string, passphrase: string): string {
  const directory = mkdtempSync(path.join(tmpdir(), 'capstan-key-'));
  const file = path.join(directory, 'key');
  writeFileSync(file, key, { mode: 0o600 });
  execFileSync('ssh-keygen', ['-q', '-p', '-P', '', '-N', passphrase, '-f', file], { stdio: 'ignore' });
  const locked = readFileSync(file, 'utf8');
  rmSync(directory, { recursive: true, force: true });
  return locked;
}
