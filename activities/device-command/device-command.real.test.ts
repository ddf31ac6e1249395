import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Frr, frrMissing, startFrr } from '#test/peers/frr.ts';
import type { StepContext } from '../contract.ts';
import { testExamples } from '../testing/examples.ts';
import { type TestWorker, testWorker } from '../testing/worker.ts';
import { promptProbe } from '../transports/device/probe.ts';

const named = frrMissing === null ? '' : ` (${frrMissing})`;

describe.skipIf(frrMissing !== null)(`device.command on FRRouting${named}`, () => {
  let worker: TestWorker;
  let frr: Frr;
  const [VTY, VTYSH] = ['edge1', 'edge1-vtysh'];
  const TYPE = 'device.command';

  beforeAll(async () => {
    [worker, frr] = await Promise.all([testWorker(), startFrr()]);
    const { vty, vtysh, linePassword: line_password, enableSecret: enable_secret } = frr;
    const login = { private_key: vty.privateKey };
    await worker.addCredential('edge', 'device', { ...login, line_password, enable_secret }, vty.user);
    await worker.addCredential('edge-wrong', 'device', { ...login, line_password, enable_secret: 'not-this-one' }, vty.user);
    await worker.addCredential('edge-line-wrong', 'device', { ...login, line_password: 'nor-this', enable_secret }, vty.user);
    await worker.addCredential('edge-no-line', 'device', login, vty.user);
    await worker.addCredential('neighbors', 'ssh_password', { password: frr.neighborPasswords.get('10.1.0.7') ?? '' });
    const device = (credential: string, device_type: string | null = 'frr_vty') => ({
      also: { kind: 'device' as const, credential, device_type },
    });
    await worker.addTarget(VTY, vty, device('edge'));
    await worker.addTarget('edge1-enable-wrong', vty, device('edge-wrong'));
    await worker.addTarget('edge1-line-wrong', vty, device('edge-line-wrong'));
    await worker.addTarget('edge1-no-line', vty, device('edge-no-line'));
    await worker.addTarget('edge1-untyped', vty, device('edge', null));
    await worker.addTarget('edge1-odd', vty, device('edge', 'cisco_catos'));
    await worker.addTarget('edge1-alias', vty, device('edge', 'frr'));
    await worker.addTarget(VTYSH, vtysh, { also: { kind: 'device', device_type: 'frr_vtysh' } });
  });
  afterAll(async () => {
    await worker?.close();
    await frr?.stop();
  });

  const seen = async (run: string) => JSON.stringify([await worker.step(run), await worker.log(run), await worker.commands(run)]);

  /** Sessions on the vty beside the one that asks, once those that end have ended. */
  const sessionsLeft = async (): Promise<number> => {
    let left = 0;
    for (let tries = 0; tries < 40; tries += 1) {
      left = ((await frr.ask(['who'])).match(/connected from/g)?.length ?? 0) - 1;
      if (left === 0) break;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return left;
  };

  testExamples(TYPE, () => worker, { target: VTY });

  test('the whole configuration comes through a real pager, and the secrets it prints are masked', async () => {
    const run = await worker.newRun();
    const commands = ['terminal length 20', 'show running-config', 'terminal length 0', 'show running-config'];
    await worker.attempt(TYPE, { enable: true, commands }, { run, target: VTY, secrets: { PEER: 'neighbors.password' } });
    const [, paged, , whole] = await worker.commands(run);
    expect(paged?.output).toBe(whole?.output);
    expect(paged?.output.match(/^ neighbor 10\.1\.0\.\d+ remote-as/gm)).toHaveLength(frr.neighborPasswords.size);
    expect(paged?.output).toContain('enable password ***');
    expect(paged?.output).toContain('\nend');
    const shown = await seen(run);
    for (const secret of [frr.linePassword, frr.enableSecret, frr.neighborPasswords.get('10.1.0.7') ?? '?'])
      expect(shown).not.toContain(secret);
    expect(shown).not.toMatch(/--More--|\\b/);
  });

  test('a configuration behind less comes whole', async () => {
    const run = await worker.newRun();
    await worker.attempt(TYPE, { commands: ['terminal paginate', 'show running-config', 'show ip bgp neighbors'] }, { run, target: VTYSH });
    const [, config, neighbors] = await worker.commands(run);
    expect(config?.output.match(/^ neighbor 10\.1\.0\.\d+ remote-as/gm)).toHaveLength(frr.neighborPasswords.size);
    expect(neighbors?.output.match(/^BGP neighbor is /gm)).toHaveLength(frr.neighborPasswords.size);
    expect(config?.output).not.toMatch(/\(END\)|^:/m);
  });

  test('each command is a row, a part of the log, and of the result', async () => {
    const run = await worker.newRun();
    const { outputs } = await worker.attempt(TYPE, { commands: ['show version', 'show bgp summary json'] }, { run, target: VTYSH });
    expect(await worker.commands(run)).toMatchObject([
      { number: 1, command: 'show version', exit_code: 0, error: '', output: expect.stringMatching(/^FRRouting 8/) },
      { number: 2, command: 'show bgp summary json', exit_code: 0 },
    ]);
    expect(outputs).toMatchObject({ exit_code: 0, commands: [{ command: 'show version' }, { command: 'show bgp summary json' }] });
    const lines = (await worker.log(run)).map(({ text }) => text);
    expect(lines.findIndex((text) => / show version$/.test(text))).toBeLessThan(lines.findIndex((text) => text.startsWith('FRRouting 8')));
  });

  test('a command it does not know fails the step with what it said, and the ones after it are not given', async () => {
    const run = await worker.newRun();
    const ended = worker.attempt(TYPE, { commands: ['show nonsense', 'show version'] }, { run, target: VTY });
    await expect(ended).rejects.toMatchObject({ type: 'exit_code', message: expect.stringContaining('Unknown command: show nonsense') });
    expect(await worker.commands(run)).toMatchObject([
      { command: 'show nonsense', exit_code: 1, error: expect.stringContaining('Unknown command') },
    ]);
  });

  test('with stop_on_error off the rest is given, and the exit codes tell', async () => {
    const run = await worker.newRun();
    const config = { commands: ['show nonsense', 'show version'], stop_on_error: false };
    const { outputs } = await worker.attempt(TYPE, config, { run, target: VTY });
    expect(outputs).toMatchObject({ exit_code: 1, commands: [{ exit_code: 1 }, { exit_code: 0 }] });
  });

  test('a wrong enable secret is sent once and ends as auth', async () => {
    const run = await worker.newRun();
    const ended = worker.attempt(TYPE, { enable: true, commands: ['show version'] }, { run, target: 'edge1-enable-wrong' });
    await expect(ended).rejects.toMatchObject({
      type: 'auth',
      nonRetryable: true,
      message: expect.stringContaining('refused the enable secret'),
    });
    expect(await worker.commands(run)).toEqual([]);
    expect(await seen(run)).not.toContain('not-this-one');
    expect(await sessionsLeft()).toBe(0);
  });

  test.each([
    ['a wrong line password', 'edge1-line-wrong', 'auth', /refused the line password/],
    ['a missing line password', 'edge1-no-line', 'auth', /has no line_password/],
    ['a device without a type', 'edge1-untyped', 'invalid_input', /edge1-untyped has no device_type; known are cisco_iosxe, /],
    ['a device of an unknown type', 'edge1-odd', 'invalid_input', /unknown device_type "cisco_catos"; known are /],
  ])('%s is named', async (_what, target, type, message) => {
    const run = await worker.newRun();
    await expect(worker.attempt(TYPE, { commands: ['show version'] }, { run, target })).rejects.toMatchObject({ type });
    expect((await worker.step(run)).error?.message).toMatch(message);
  });

  test("another tool's name for the platform will do", async () => {
    await worker.attempt(TYPE, { commands: ['show version'] }, { target: 'edge1-alias' });
  });

  test('a change is seen by another client, and saved it stands in the file', async () => {
    const run = await worker.newRun();
    const config_lines = ['router bgp 65001', 'neighbor 10.1.0.2 description changed by a step'];
    const { outputs } = await worker.attempt(TYPE, { config_lines, save: true }, { run, target: VTY });
    expect(outputs).toMatchObject({ exit_code: 0, saved: true });
    expect(await frr.ask(['show running-config'])).toContain('neighbor 10.1.0.2 description changed by a step');
    expect(readFileSync(frr.configFile, 'utf8')).toContain('neighbor 10.1.0.2 description changed by a step');
    expect((await worker.commands(run)).map(({ command }) => command)).toEqual([...config_lines, 'write memory']);
  });

  test('a change through vtysh is seen by another client', async () => {
    await worker.attempt(TYPE, { config_lines: ['router bgp 65001', 'neighbor 10.1.0.3 description by vtysh'] }, { target: VTYSH });
    expect(await frr.ask(['show running-config'])).toContain('neighbor 10.1.0.3 description by vtysh');
  });

  test('a secret follows its line and is shown nowhere', async () => {
    await worker.addCredential('fresh', 'ssh_password', { password: 'fresh-Secret-31' });
    const run = await worker.newRun();
    const config_lines = ['router bgp 65001', { line: 'neighbor 10.1.0.4 password', secret: 'KEY' }];
    await worker.attempt(TYPE, { config_lines }, { run, target: VTY, secrets: { KEY: 'fresh.password' } });
    expect(await frr.ask(['show running-config'])).toContain('neighbor 10.1.0.4 password fresh-Secret-31');
    expect(await seen(run)).not.toContain('fresh-Secret-31');
  });

  test('a line that is refused stops, names what is in effect, and leaves the configuration mode free for others', async () => {
    const run = await worker.newRun();
    const config_lines = [
      'router bgp 65001',
      'neighbor 10.1.0.5 description in effect',
      'nonsense line',
      'neighbor 10.1.0.5 description never',
    ];
    const ended = worker.attempt(TYPE, { config_lines, save: true }, { run, target: VTY });
    await expect(ended).rejects.toMatchObject({ type: 'exit_code', nonRetryable: true });
    const { error } = await worker.step(run);
    expect(error?.message).toMatch(/refused line 3 of 4, "nonsense line": % .*; the 2 accepted before it are in effect/);
    expect(error?.details).toMatchObject({ accepted: config_lines.slice(0, 2), refused: 'nonsense line' });
    expect((await worker.commands(run)).map(({ exit_code }) => exit_code)).toEqual([0, 0, 1]);
    expect(readFileSync(frr.configFile, 'utf8')).not.toContain('in effect');
    expect(await sessionsLeft()).toBe(0);
  });

  test('a session cut while lines are given is lost, with the lines that were accepted', async () => {
    const run = await worker.newRun();
    const config_lines = ['router bgp 65001', ...Array.from({ length: 1500 }, (_, n) => `neighbor 10.1.0.6 description round ${n}`)];
    const ended = worker.attempt(TYPE, { config_lines }, { run, target: VTY });
    const cut = setInterval(async () => {
      if ((await worker.commands(run)).length < 100) return; // more than a message names
      clearInterval(cut);
      frr.vty.dropConnections();
    }, 50);
    await expect(ended).rejects.toMatchObject({ type: 'lost', nonRetryable: true });
    const { status, error } = await worker.step(run);
    expect(status).toBe('lost');
    expect(error?.details?.accepted_count).toBeGreaterThan(10);
    expect(error?.details?.accepted).toContain('neighbor 10.1.0.6 description round 3');
    expect(error?.message).toMatch(/ended while it was configured; \d+ of 1501 lines were accepted \(… .*round \d+"\)/);
  });

  test('a session cut while commands run is a failed connection, which may be tried again', async () => {
    const run = await worker.newRun();
    const commands = Array.from({ length: 200 }, () => 'show running-config');
    const ended = worker.attempt(TYPE, { enable: true, commands }, { run, target: VTY, retry: { attempts: 2, on: ['connection'] } });
    const cut = setInterval(async () => {
      if ((await worker.commands(run)).length < 5) return;
      clearInterval(cut);
      frr.vty.dropConnections();
    }, 20);
    await expect(ended).rejects.toMatchObject({ type: 'connection', nonRetryable: false });
  });

  test('cancelled while it configures, it leaves the configuration mode and says how far it came', async () => {
    const run = await worker.newRun();
    const config_lines = ['router bgp 65001', ...Array.from({ length: 1900 }, (_, n) => `neighbor 10.1.0.8 description step ${n}`)];
    const cancel = new AbortController();
    const ended = worker.attempt(TYPE, { config_lines }, { run, target: VTY, cancel: cancel.signal });
    const stop = setInterval(async () => {
      if ((await worker.commands(run)).length < 20) return;
      clearInterval(stop);
      cancel.abort();
    }, 50);
    await expect(ended).rejects.toThrow(/cancelled; \d+ of 1901 lines were accepted/);
    expect((await worker.step(run)).status).toBe('cancelled');
    expect(await sessionsLeft()).toBe(0);
  });

  test.each([
    ['both commands and lines', { commands: ['show version'], config_lines: ['!'] }, /config/],
    ['a command of two lines', { commands: ['show version\nreload'] }, /one line/],
    ['a commit where lines take effect at once', { config_lines: ['!'], commit: false }, /take effect at once/],
    ['a commit of commands', { commands: ['show version'], commit: true }, /only config_lines are committed/],
    ['a secret that is not bound', { config_lines: [{ line: 'enable secret', secret: 'NOPE' }] }, /binds no secret NOPE/],
    ['a template that does not exist', { commands: ['show version'], parse: 'no_such_template' }, /config\.parse: .*no_such_template/],
  ])('%s is refused', async (_what, config, message) => {
    const ended = worker.attempt(TYPE, config, { target: VTY });
    await expect(ended).rejects.toMatchObject({ type: 'invalid_input', message: expect.stringMatching(message) });
  });

  test('a look at a device finds its prompt and leaves, or says why there is none', async () => {
    const look = async (target: string) => {
      const found: unknown[] = [];
      const does = async (_config: never, step: StepContext) => {
        if (step.target === null) throw new Error('no target');
        found.push(await promptProbe(step.target)(await step.ssh(), step.signal));
        return { exit_code: 0, committed: false, saved: false, commands: [] };
      };
      await worker.attempt(TYPE, { commands: ['never given'] }, { target, does });
      return found;
    };
    expect(await look(VTY)).toEqual([{ device_type: 'frr_vty', prompt: 'edge1>', mode: 'exec' }]);
    await expect(look('edge1-line-wrong')).rejects.toMatchObject({ type: 'auth' });
    await expect(look('edge1-untyped')).rejects.toMatchObject({ type: 'invalid_input' });
  });

  test('output becomes rows by a template of the library or one given along', async () => {
    const run = await worker.newRun();
    const parse =
      'Value Required NEIGHBOR (\\d+\\.\\d+\\.\\d+\\.\\d+)\nValue AS (\\d+)\n\nStart\n  ^ neighbor ${NEIGHBOR} remote-as ${AS} -> Record\n';
    const { outputs } = await worker.attempt(TYPE, { commands: ['show running-config'], parse }, { run, target: VTYSH });
    const [row] = await worker.commands(run);
    expect(row?.parsed).toHaveLength(frr.neighborPasswords.size);
    expect(row?.parsed).toContainEqual({ neighbor: '10.1.0.1', as: '65100' });
    expect(outputs).toMatchObject({ commands: [{ parsed: expect.arrayContaining([{ neighbor: '10.1.0.1', as: '65100' }]) }] });
  });
});
