import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { apiClient } from './api-client.ts';
import { type Command, capstanAs, type Ended, startCapstan } from './capstan-command.ts';
import { iosLike } from './peers/device-scripts.ts';
import { type SimulatedDevice, startDevice } from './peers/device-simulator.ts';
import { type Frr, frrMissing, startFrr } from './peers/frr.ts';
import { type Sshd, type SshPeer, startSshd } from './peers/sshd.ts';
import { addPersonToken } from './person.ts';
import { created } from './ssh-target.ts';
import { type Stack, startStack } from './stack.ts';

const EXAMPLES = fileURLToPath(new URL('../examples/', import.meta.url));
const JOB = join(EXAMPLES, 'edge-backup.yaml');
const PLAIN_DEVICE = iosLike({ secret: 'enable-9Zx4', answers: { 'show running-config': 'hostname edge2\r\nend\r\n' } });
const CHANGED_DEVICE = iosLike({
  secret: 'enable-9Zx4',
  answers: { 'show running-config': 'hostname edge2\r\nntp server 10.0.0.9\r\nend\r\n' },
});

describe.skipIf(frrMissing !== null)(`examples/edge-backup.yaml by capstan${frrMissing === null ? '' : ` (${frrMissing})`}`, () => {
  let stack: Stack;
  let frr: Frr;
  let device: SimulatedDevice;
  let archive: Sshd;
  let chat: Server;
  const told: unknown[] = [];
  let folder: string;
  /** Who keeps the jobs, who starts runs, and who else may approve. */
  let [keeper, otto, nele]: ((words: readonly string[], input?: string) => Promise<Ended>)[] = [];
  let ottosToken: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'capstan-edge-'));
    chat = createServer((request, answer) => {
      let body = '';
      request.on('data', (bytes) => {
        body += bytes;
      });
      request.on('end', () => {
        told.push(JSON.parse(body));
        answer.end();
      });
    }).listen(0, '127.0.0.1');
    [stack, frr, device, archive] = await Promise.all([startStack(), startFrr(), startDevice(PLAIN_DEVICE), startSshd()]);
    chmodSync(archive.directory, 0o777);
    const as = (token: string) => {
      const command = capstanAs(stack.url, token, folder);
      return (words: readonly string[], input?: string) => command(words, {}, input);
    };
    ottosToken = await addPersonToken(stack, 'otto', 'operator');
    [keeper, otto, nele] = [as(stack.token), as(ottosToken), as(await addPersonToken(stack, 'nele', 'operator'))];
    await created(stack.as, '/groups', { name: 'netops', members: ['otto', 'nele'] });

    const { vty, linePassword: line_password, enableSecret: enable_secret } = frr;
    const login = { username: vty.user, private_key: vty.privateKey, line_password, enable_secret };
    await created(stack.as, '/credentials', { name: 'edge-login', kind: 'device', ...login });
    const key = { kind: 'ssh_key', username: archive.user, private_key: archive.privateKey };
    await created(stack.as, '/credentials', { name: 'archive-login', ...key });
  });
  afterAll(async () => {
    await stack?.stop();
    await Promise.all([frr?.stop(), device?.stop(), archive?.stop(), new Promise((resolve) => chat.close(resolve))]);
    rmSync(folder, { recursive: true, force: true });
  });

  const here = (): readonly string[] => ['-p', 'site=ber', '-p', `folder=${archive.directory}/kept`];
  const stored = (name: string): string => join(archive.directory, 'kept', 'ber', `${name}.conf`);
  /** Otto starts it and stays, up to where people are asked. */
  async function followed(
    words: readonly string[] = ['run', 'edge-backup', ...here()],
  ): Promise<{ readonly command: Command; readonly run: string }> {
    const env = { CAPSTAN_URL: stack.url, CAPSTAN_TOKEN: ottosToken, XDG_CONFIG_HOME: folder };
    const command = startCapstan([...words, '--follow', '--timeout', '1m'], env);
    const [, number = ''] = await command.said(/^#(\d+) edge-backup v\d/);
    await command.said(/Store what has changed\? +Waiting/);
    return { command, run: number };
  }
  const numberIn = ({ out }: Ended): string => /^#(\d+) /.exec(out)?.[1] ?? '?';
  let first: string;

  test('it is saved, its inventory is taken over, and a plan says what it would do to which router', async () => {
    const places: { readonly [name: string]: SshPeer } = { 'edge-ber-1': frr.vty, 'edge-ber-2': device, 'edge-fra-1': device, archive };
    const { targets } = parse(readFileSync(join(EXAMPLES, 'edge-inventory.yaml'), 'utf8')) as { targets: { name: string }[] };
    const local = targets.map((target) => {
      const { host, port, hostKeys } = places[target.name] as SshPeer;
      return { ...target, host, port, host_keys: hostKeys.map(({ type, key }) => ({ type, key })) };
    });
    const inventory = join(folder, 'edge-inventory.yaml');
    writeFileSync(inventory, stringify({ targets: local }));

    expect(await keeper?.(['targets', 'import', inventory])).toMatchObject({ code: 0, out: expect.stringContaining('created 4,') });
    expect(await keeper?.(['apply', JOB])).toEqual({ code: 0, out: 'edge-backup v1 created\n', err: '' });
    expect(await keeper?.(['apply', JOB, '--json'])).toMatchObject({ code: 0, out: expect.stringMatching(/"what":"unchanged"/) });
    expect(await keeper?.(['validate', JOB])).toMatchObject({
      code: 0,
      out: `${JOB}: edge-backup is valid, and says what version 1 says\n`,
    });
    const plan = await otto?.(['plan', 'edge-backup', ...here()]);
    expect(plan).toMatchObject({ code: 0, err: '' });
    for (const said of ['holds backup-ber (1 at a time)', 'edge-ber-1: ', 'edge-ber-2: ', 'show running-config', 'decided at run time'])
      expect(plan?.out).toContain(said);
    expect(plan?.out).not.toContain('edge-fra-1');
  });

  test('a run is followed to its end, approved by somebody else than who started it', async () => {
    const { command, run } = await followed();
    first = run;
    expect(await otto?.(['approve', run])).toMatchObject({ code: 4, err: expect.stringMatching(/otto/) });
    const { body } = await stack.as.call('GET', `/runs?number=${run}`);
    const [{ id }] = body.items as [{ id: string }];
    expect((await apiClient(stack.url, ottosToken).call('POST', `/runs/${id}/steps/approve/approve`, {})).status).toBe(403);
    expect((await nele?.(['approve', run, '--comment', 'as announced']))?.code).toBe(0);
    const { code, out, err } = await command.ended;
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(/Store them +Completed[\s\S]*edge-backup: completed in /);
    expect(readFileSync(stored('edge-ber-1'), 'utf8')).toContain('router bgp 65001');
    expect(readFileSync(stored('edge-ber-2'), 'utf8')).toContain('hostname edge2');

    const again = await otto?.(['run', 'edge-backup', ...here(), '-f', '--json']);
    expect(again?.code).toBe(0);
    expect(JSON.parse(again?.out ?? '')).toMatchObject({ status: 'completed', result_data: { changed: [] } });
  });

  test('a rejection fails the run, tells the chat, and is in the archive’s log', async () => {
    device.script = CHANGED_DEVICE;
    const { command, run } = await followed([
      'run',
      'edge-backup',
      ...here(),
      '-p',
      `notify_url=http://127.0.0.1:${(chat.address() as AddressInfo).port}/hook`,
    ]);
    expect((await nele?.(['approve', run, 'approve', '--reject', '--comment', 'not today']))?.code).toBe(0);
    const { code, out } = await command.ended;
    expect([code, out]).toEqual([1, expect.stringContaining('not today')]);
    expect(told).toEqual([{ job: 'edge-backup', site: 'ber', why: expect.stringContaining('not today') }]);
    expect(
      readFileSync(join(archive.directory, 'kept', 'log'), 'utf8')
        .trim()
        .split('\n')
        .at(-1),
    ).toMatch(/^ber \S+ failed$/);
    expect(readFileSync(stored('edge-ber-2'), 'utf8')).not.toContain('ntp');
  });

  test('the next version is compared, and a run goes on from a step by it', async () => {
    const text = readFileSync(JOB, 'utf8');
    const next = join(folder, 'edge-backup.yaml');
    writeFileSync(
      next,
      text
        .replace('\nlimits:', "\n  mode: { type: string, default: '0600', title: Permissions }\n\nlimits:")
        .replace("mode: '0600'", 'mode: ${' + '{ parameters.mode }}'),
    );
    expect(await keeper?.(['diff', 'edge-backup', next])).toMatchObject({ code: 9, out: expect.stringContaining('+  mode: {') });
    expect((await keeper?.(['diff', 'edge-backup', JOB]))?.code).toBe(0);
    expect((await keeper?.(['validate', next]))?.out).toContain('a save would make version 2');
    expect((await keeper?.(['apply', next, '-m', 'permissions']))?.out).toBe('edge-backup v2 updated\n');
    expect(await keeper?.(['diff', 'edge-backup', '--from', '1', '--to', '2'])).toMatchObject({ code: 9 });

    // What would be done with the approval is not what was approved, so it is asked for anew.
    const { command, run: rerun } = await followed(['rerun', first, '--from', 'store', '--version', '2', '-p', 'mode=0640']);
    expect((await nele?.(['approve', rerun]))?.code).toBe(0);
    expect(await command.ended).toMatchObject({ code: 0, out: expect.stringMatching(/^#\d+ edge-backup v2 /) });
    expect(statSync(stored('edge-ber-1')).mode & 0o777).toBe(0o640);
    const compared = await otto?.(['compare', first, rerun]);
    expect(compared).toMatchObject({ code: 9, out: expect.stringMatching(/definition: .*store[\s\S]*parameters\/mode/) });
    expect(compared?.out).toContain('equal: kept, show\n');
    expect(JSON.parse((await otto?.(['compare', first, rerun, '--json']))?.out ?? '')).toMatchObject({
      equal_steps: [{ id: 'kept' }, { id: 'show' }],
    });
    expect((await otto?.(['compare', first, first]))?.code).toBe(0);
  });

  test('one that waits holds its key, is paused, resumed and cancelled; another of the same site stands in line', async () => {
    const { command, run } = await followed();
    const second = (await otto?.(['retry', first])) as Ended;
    expect(second.code).toBe(0);
    await stack.as.until(second.out.trim().split(/\s+/).at(-1) ?? '', ({ waiting_for }) => waiting_for === 'lock');
    expect((await otto?.(['locks']))?.out).toMatch(
      new RegExp(
        `^backup-ber {2}\\(1 at a time\\)\\n {2}held by #${run} edge-backup since .*\\n {2}1\\. #${numberIn(second)} edge-backup\\n$`,
      ),
    );
    expect((await otto?.(['pause', run, '--reason', 'change freeze']))?.code).toBe(0);
    expect((await otto?.(['resume', run]))?.code).toBe(0);
    expect((await otto?.(['cancel', numberIn(second)]))?.code).toBe(0);
    expect((await otto?.(['cancel', run, '--reason', 'enough']))?.code).toBe(0);
    expect(await command.ended).toMatchObject({ code: 8, out: expect.stringMatching(/edge-backup: cancelled in /) });
  });

  test('what is exported is imported under another name', async () => {
    const exported = (await keeper?.(['export', 'edge-backup'])) as Ended;
    expect([exported.code, parse(exported.out).name]).toEqual([0, 'edge-backup']);
    expect(await keeper?.(['import', '-'], exported.out)).toMatchObject({ code: 6 });
    const renamed = await keeper?.(['import', '-', '--on-conflict', 'rename'], exported.out);
    expect(renamed).toMatchObject({ code: 0, out: expect.stringMatching(/^\w+ +edge-backup as edge-backup-2/) });
  });
});
