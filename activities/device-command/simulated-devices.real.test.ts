import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { JsonObject } from '#jobs/json.ts';
import { type EnableManner, iosLike, type JunosState, junos, routerOs, vrp } from '#test/peers/device-scripts.ts';
import { type SimulatedDevice, type SimulatedTerminal, startDevice } from '#test/peers/device-simulator.ts';
import { type TestWorker, testWorker } from '../testing/worker.ts';
import type { DeviceType } from '../transports/device/platforms.ts';

const SECRETS = { password: 'sim-login-Pw7', enable_secret: 'sim-enable-Xy9' };

describe('device.command on what real devices do and none here can', () => {
  let worker: TestWorker;
  let device: SimulatedDevice;
  const TYPE = 'device.command';

  beforeAll(async () => {
    [worker, device] = await Promise.all([testWorker(), startDevice(iosLike())]);
    await worker.addCredential('sim', 'device', SECRETS, device.user);
    await worker.addCredential('no-enable', 'device', { password: SECRETS.password }, device.user);
    const types: readonly DeviceType[] = ['cisco_iosxe', 'juniper_junos', 'huawei_vrp', 'mikrotik_routeros'];
    for (const device_type of types)
      await worker.addTarget(device_type, device, { also: { kind: 'device', credential: 'sim', device_type } });
    await worker.addTarget('no-enable', device, { also: { kind: 'device', credential: 'no-enable', device_type: 'cisco_iosxe' } });
  });
  beforeEach(() => {
    (device.typed as string[]).length = 0;
  });
  afterAll(async () => {
    await worker?.close();
    await device?.stop();
  });

  const attempt = async (config: JsonObject, target = 'cisco_iosxe', asked: Parameters<TestWorker['attempt']>[2] = {}) => {
    const run = await worker.newRun();
    const ended = worker.attempt(TYPE, config, { run, target, ...asked });
    return ended.then(
      async ({ outputs }) => ({ outputs, error: null, rows: await worker.commands(run), log: await worker.log(run) }),
      async () => ({ outputs: null, error: (await worker.step(run)).error, rows: await worker.commands(run), log: await worker.log(run) }),
    );
  };
  const typedTimes = (text: string) => device.typed.filter((line) => line === text).length;
  const closed = async () => {
    for (let tries = 0; tries < 100 && device.open > 0; tries += 1) await new Promise((resolve) => setTimeout(resolve, 20));
    return device.open === 0;
  };

  test.each<[EnableManner, RegExp]>([
    ['asks again', /asks for the secret again/],
    ['denies', /% Access denied/],
    ['hangs up', /the session was ended/],
  ])('a device that %s gets the enable secret once', async (enable, message) => {
    device.script = iosLike({ enable });
    const { error, rows } = await attempt({ enable: true, commands: ['show clock'] });
    expect(error).toMatchObject({ type: 'auth', message: expect.stringMatching(message) });
    expect(typedTimes(SECRETS.enable_secret)).toBe(1);
    expect(rows).toEqual([]);
    expect(await closed()).toBe(true);
  });

  test('a device that asks for no secret is entered without', async () => {
    device.script = iosLike({ enable: 'asks nothing' });
    expect((await attempt({ enable: true, commands: ['terminal monitor'] }, 'no-enable')).error).toBeNull();
  });

  test('a secret that is asked for and that the credential does not have is named', async () => {
    device.script = iosLike();
    const { error } = await attempt({ enable: true, commands: ['show clock'] }, 'no-enable');
    expect(error).toMatchObject({ type: 'auth', message: expect.stringContaining('has no enable_secret') });
  });

  test('bytes that trickle make no prompt of the middle of a line', async () => {
    const text = 'sw1# is what this line begins with\r\nsw1>\r\nsw1# too\r\n';
    device.script = iosLike({ slowness: 15, answers: { 'show banner': (terminal) => terminal.write(`${text}sw1>`) } });
    const { rows } = await attempt({ commands: ['show banner', 'terminal monitor'] });
    expect(rows).toMatchObject([{ output: text.trimEnd().replaceAll('\r', '') }, { output: '', exit_code: 0 }]);
  });

  test('banners that look like prompts are passed over', async () => {
    device.script = iosLike({ banner: 'sw9#\r\nAuthorised use only>\r\nsw1#\r\n', slowness: 3, answers: { 'show id': 'sw1 it is\r\n' } });
    expect((await attempt({ commands: ['show id'] })).rows).toMatchObject([{ output: 'sw1 it is' }]);
  });

  test('a banner that speaks of a password is not told one', async () => {
    await worker.addCredential('line', 'device', { ...SECRETS, line_password: 'sim-line-Zq3' }, device.user);
    await worker.addTarget('line', device, { also: { kind: 'device', credential: 'line', device_type: 'cisco_iosxe' } });
    const begun = iosLike({ answers: { 'show id': 'sw1 it is\r\n' } });
    device.script = (terminal) => {
      let listener: ReturnType<typeof begun> | null = null;
      const greet = () => {
        terminal.write('Change the default password: ');
        setTimeout(() => {
          terminal.write('it is known\r\n');
          listener = begun(terminal);
        }, 20);
      };
      return { line: (text) => (listener === null ? greet() : listener.line(text)) };
    };
    expect((await attempt({ commands: ['show id'] }, 'line')).rows).toMatchObject([{ output: 'sw1 it is' }]);
    expect(typedTimes('sim-line-Zq3')).toBe(0);
  });

  test('a declared question is answered, an undeclared one fails its command and leaves a usable session', async () => {
    device.script = iosLike({ enable: 'asks nothing' });
    const commands = ['clear counters', 'terminal monitor'];
    const asked = await attempt({ enable: true, commands, stop_on_error: false });
    expect(asked.rows).toMatchObject([{ exit_code: 1, error: expect.stringContaining('asks "Clear') }, { exit_code: 0 }]);
    const answered = await attempt({ enable: true, commands, expect: [{ question: '[confirm]' }] });
    expect(answered.rows).toMatchObject([{ exit_code: 0 }, { exit_code: 0 }]);
    expect((await attempt({ enable: true, commands })).error).toMatchObject({
      type: 'exit_code',
      message: expect.stringContaining('[confirm]'),
    });
  });

  test('several questions of one command get each their answer, by text or by pattern', async () => {
    device.script = iosLike({ enable: 'asks nothing' });
    const expected = [
      { question: 'Address or name', answer: '192.0.2.9' },
      { pattern: '^Destination filename \\[.*\\]\\?', answer: 'sw1.cfg' },
    ];
    const { rows } = await attempt({ enable: true, commands: ['copy run tftp'], expect: expected });
    expect(rows).toMatchObject([{ exit_code: 0, output: expect.stringContaining('192.0.2.9 sw1.cfg copied') }]);
  });

  test('a restart that is declared to end the session is a success, and one that is not a failed connection', async () => {
    device.script = iosLike({ enable: 'asks nothing' });
    const reload = (closes: boolean) => ({ enable: true, commands: ['reload'], expect: [{ question: 'Proceed with reload', closes }] });
    expect((await attempt(reload(true))).rows).toMatchObject([{ command: 'reload', exit_code: 0 }]);
    expect((await attempt(reload(false))).error).toMatchObject({
      type: 'connection',
      message: expect.stringContaining('ended during "reload"'),
    });
  });

  test('a command without end is interrupted after its time, and the session is closed', async () => {
    device.script = iosLike();
    const { error, rows } = await attempt({ commands: ['hang'], timeout: '300ms' });
    expect(error).toMatchObject({ type: 'timeout', message: expect.stringContaining('"hang"') });
    expect(rows).toMatchObject([{ command: 'hang', exit_code: null }]);
    expect(device.typed.at(-1)).toBe('exit');
    expect(await closed()).toBe(true);
  });

  test.each([
    ['a line that is refused', ['interface Gi1', 'nonsense'], {}],
    ['a line that takes too long', ['interface Gi1', 'hang'], { timeout: '300ms' }],
  ])('%s leaves the configuration mode', async (_what, config_lines, also) => {
    device.script = iosLike({ enable: 'asks nothing' });
    const { error } = await attempt({ config_lines, ...also });
    expect(error?.message).toMatch(/"interface Gi1"|1 accepted before it/);
    expect(device.typed.at(-1)).toBe('exit');
    if (!('timeout' in also)) expect(device.typed.at(-2)).toBe('end');
    expect(await closed()).toBe(true);
  });

  test('a configuration that commands entered by themselves is left, too', async () => {
    device.script = iosLike({ enable: 'asks nothing' });
    const { error } = await attempt({ enable: true, commands: ['configure terminal', 'nonsense'] });
    expect(error).toMatchObject({ type: 'exit_code' });
    expect(device.typed.slice(-2)).toEqual(['end', 'exit']);
  });

  test('cancelled while a line is under way, it interrupts it, leaves the configuration and logs out', async () => {
    device.script = iosLike({ enable: 'asks nothing' });
    const { error } = await attempt({ config_lines: ['interface Gi1', 'hang'] }, 'cisco_iosxe', { cancel: AbortSignal.timeout(1500) });
    expect(error).toMatchObject({
      type: 'cancelled',
      message: expect.stringMatching(/1 of 2 lines were accepted .*; whether "hang" was is unknown/),
    });
    expect(device.typed.at(-1)).toBe('exit');
    expect(await closed()).toBe(true);
  });

  test('a question that is asked for ever is not answered for ever', async () => {
    const again = (terminal: SimulatedTerminal) => terminal.write('Sure? [confirm]');
    device.script = iosLike({ answers: { y: again, wipe: again } });
    const { error } = await attempt({ commands: ['wipe'], expect: [{ question: 'Sure?', answer: 'y' }] });
    expect(error).toMatchObject({ type: 'exit_code', message: expect.stringContaining('again and again') });
  });

  test('a secret that answers a question is given once for each command', async () => {
    const asks = (terminal: SimulatedTerminal) => terminal.write('Key: (y/n) ');
    device.script = iosLike({ answers: { 'copy scp': asks, [SECRETS.password]: asks } });
    const config = { commands: ['copy scp'], expect: [{ question: 'Key:', secret: 'KEY' }] };
    const { error, log } = await attempt(config, 'cisco_iosxe', { secrets: { KEY: 'sim.password' } });
    expect(error).toMatchObject({ type: 'auth', message: expect.stringContaining('asks again for what the secret KEY answered') });
    expect(typedTimes(SECRETS.password)).toBe(1);
    expect(JSON.stringify(log)).not.toContain(SECRETS.password);
  });

  test('a secret that answers a question before the prompt is given once, too', async () => {
    device.script = (terminal) => {
      terminal.echo = false;
      terminal.write('Token: ');
      return { line: () => terminal.write('\r\nToken: ') };
    };
    const config = { commands: ['show clock'], expect: [{ question: 'Token:', secret: 'KEY' }] };
    const { error } = await attempt(config, 'cisco_iosxe', { secrets: { KEY: 'sim.password' } });
    expect(error).toMatchObject({ type: 'auth', message: expect.stringContaining('asks again for what the secret KEY answered') });
    expect(typedTimes(SECRETS.password)).toBe(1);
  });

  test('no part of a secret stands where a message or a result is cut', async () => {
    const beginning = SECRETS.password.slice(0, 5);
    const end = SECRETS.password.slice(-5);
    device.script = iosLike({ enable: 'asks nothing' });
    const refused = { line: `nonsense ${'x'.repeat(100)}`, secret: 'KEY' };
    const { error } = await attempt({ config_lines: [refused] }, 'cisco_iosxe', { secrets: { KEY: 'sim.password' } });
    expect(error).toMatchObject({ type: 'exit_code', message: expect.stringContaining('refused line 1 of 1') });
    expect(JSON.stringify(error)).not.toContain(beginning);

    device.script = iosLike({ answers: { 'show keys': `key ${SECRETS.password}${'x'.repeat(4090)}\r\n` } });
    const { outputs } = await attempt({ commands: ['show keys'] });
    expect(JSON.stringify(outputs)).toContain('xxx');
    expect(JSON.stringify(outputs)).not.toContain(end);
  });

  test.each([
    ['a secret that is asked for again', 'copy scp', 'auth'],
    ['a device that does not come back to its prompt', 'wipe', 'lost'],
  ])('%s while lines are given ends with the lines that were accepted', async (_what, line, type) => {
    const asks = (terminal: SimulatedTerminal) => terminal.write('Key: (y/n) ');
    const answers = {
      'copy scp': asks,
      [SECRETS.password]: asks,
      wipe: (terminal: SimulatedTerminal) => terminal.write('Sure? [confirm]'),
    };
    device.script = (terminal) => ({ ...iosLike({ enable: 'asks nothing', answers })(terminal), interrupt: () => undefined });
    const config = {
      config_lines: ['interface Gi1', line, 'interface Gi2'],
      expect: [{ question: 'Key:', secret: 'KEY' }],
      stop_on_error: false,
    };
    const { error } = await attempt(config, 'cisco_iosxe', { secrets: { KEY: 'sim.password' } });
    expect(error).toMatchObject({ type, message: expect.stringContaining('1 of 3 lines were accepted ("interface Gi1")') });
    expect(device.typed.filter((typed) => typed === 'interface Gi1')).toHaveLength(1);
  });

  test('a new name of the device is followed', async () => {
    device.script = iosLike({ enable: 'asks nothing' });
    const { rows, log } = await attempt({ config_lines: ['hostname dist-7', 'interface Gi1'] });
    expect(rows).toMatchObject([{ exit_code: 0 }, { exit_code: 0 }]);
    expect(log.map(({ text }) => text)).toContain('dist-7(config)# interface Gi1');
  });

  test('more output than is kept is cut in the row and whole in the log', async () => {
    const line = `${'x'.repeat(99)}\r\n`;
    device.script = iosLike({ answers: { 'show all': line.repeat(30_000) } });
    const { rows, log } = await attempt({ commands: ['show all'] });
    expect(rows[0]?.exit_code).toBe(0);
    expect(log.map(({ text }) => text).join('\n')).toContain('is kept up to its first');
  });

  test('the row of a command says which lines of the log are its own', async () => {
    device.script = iosLike({ answers: { 'show one': 'a\r\nb\r\n', 'show two': 'c\r\n' } });
    const { rows, log } = await attempt({ commands: ['show one', 'show two'] });
    const own = rows.map(({ first_line, last_line }) => log.slice((first_line ?? 0) - 1, last_line ?? 0).map(({ text }) => text));
    expect(own).toEqual([
      [expect.stringMatching(/show one$/), 'a', 'b'],
      [expect.stringMatching(/show two$/), 'c'],
    ]);
  });

  test('Junos: lines gather in a candidate and take effect with the commit', async () => {
    const state: JunosState = { committed: [], candidate: [] };
    device.script = junos(state);
    const config_lines = ['set system host-name mx1', 'set system ntp server 192.0.2.1'];
    const { outputs, rows } = await attempt({ config_lines }, 'juniper_junos');
    expect(outputs).toMatchObject({ committed: true });
    expect(state.committed).toEqual(config_lines);
    expect(rows.map(({ command }) => command)).toEqual([...config_lines, 'commit']);
    expect(rows.at(-1)?.output).toBe('configuration check succeeds\ncommit complete');
  });

  test('Junos: a commit that fails discards everything', async () => {
    const state: JunosState = { committed: ['set old'], candidate: ['set old'] };
    device.script = junos(state);
    const { error } = await attempt({ config_lines: ['set broken thing'] }, 'juniper_junos');
    expect(error).toMatchObject({
      type: 'exit_code',
      message: expect.stringContaining('did not commit: error: configuration check-out failed'),
    });
    expect(state).toEqual({ committed: ['set old'], candidate: ['set old'] });
    expect(device.typed.slice(-4)).toEqual(['top', 'rollback 0', 'exit configuration-mode', 'exit']);
  });

  test('Junos: without a commit the device checks the lines and nothing stays', async () => {
    const state: JunosState = { committed: [], candidate: [] };
    device.script = junos(state);
    const { outputs } = await attempt({ config_lines: ['set system host-name mx2'], commit: false }, 'juniper_junos');
    expect(outputs).toMatchObject({ committed: false, exit_code: 0 });
    expect(state).toEqual({ committed: [], candidate: [] });
  });

  test('Junos: a line of output like that above a prompt stays output', async () => {
    device.script = junos({ committed: [], candidate: [] });
    expect((await attempt({ commands: ['show version'] }, 'juniper_junos')).rows).toMatchObject([
      { output: 'Hostname: mx1\nModel: mx240\n[edit]\nJunos: 23.4R1' },
    ]);
  });

  test('VRP: a version in brackets is no prompt, a candidate is committed, and saving is confirmed', async () => {
    const state = { committed: [] as string[], saved: false };
    device.script = vrp(state);
    const shown = await attempt({ commands: ['display current-configuration'] }, 'huawei_vrp');
    expect(shown.rows).toMatchObject([{ output: '[V200R009C00SPC500]\n#\nsysname core-1\n#\nreturn' }]);
    const { outputs } = await attempt({ config_lines: ['vlan 10', 'vlan 20'], save: true }, 'huawei_vrp');
    expect(outputs).toMatchObject({ committed: true, saved: true });
    expect(state).toEqual({ committed: ['vlan 10', 'vlan 20'], saved: true });
  });

  test('VRP: a line that is refused takes the candidate with it', async () => {
    const state = { committed: [] as string[], saved: false };
    device.script = vrp(state);
    const { error } = await attempt({ config_lines: ['vlan 10', 'nonsense'] }, 'huawei_vrp');
    expect(error).toMatchObject({ type: 'exit_code', message: expect.stringContaining('nothing was committed') });
    expect(state.committed).toEqual([]);
    expect(device.typed).toContain('clear configuration candidate');
  });

  test('RouterOS: an editor that draws the line anew with each key is followed', async () => {
    device.script = routerOs();
    const { rows } = await attempt({ commands: ['/system identity print', '/ip address print'] }, 'mikrotik_routeros');
    expect(rows).toMatchObject([{ output: '  name: gw1' }, { output: '0 10.0.0.1/24\n1 10.0.1.1/24' }]);
    expect((await attempt({ commands: ['/foo'] }, 'mikrotik_routeros')).error?.message).toContain('bad command name /foo');
  });

  test('RouterOS: a device with a new name is not taken for one that stays in a menu', async () => {
    device.script = routerOs();
    const { error } = await attempt({ config_lines: ['/system identity set name=gw2'] }, 'mikrotik_routeros');
    expect(error).toBeNull();
    expect(device.typed).not.toContain('/');
  });

  test('a device that is no such platform is said to show no prompt', async () => {
    device.script = (terminal) => {
      terminal.write('C:\\Users\\ops>');
      return { line: () => terminal.write('C:\\Users\\ops>') };
    };
    await worker.addTarget('odd', device, { also: { kind: 'device', credential: 'sim', device_type: 'cisco_iosxe', timeout_seconds: 2 } });
    const { error } = await attempt({ commands: ['show version'] }, 'odd');
    expect(error).toMatchObject({ type: 'connection', message: expect.stringMatching(/shows no prompt of Cisco IOS.*Users/) });
  });
});
