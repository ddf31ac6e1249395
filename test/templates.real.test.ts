import { chmodSync, existsSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JsonObject } from '#jobs/json.ts';
import { JOB_TEMPLATES } from '#jobs/templates/templates.ts';
import { type ApiClient, eventually } from './api-client.ts';
import { iosLike } from './peers/device-scripts.ts';
import { type SimulatedDevice, startDevice } from './peers/device-simulator.ts';
import { type Sshd, sshdMissing, startSshd } from './peers/sshd.ts';
import { addPerson } from './person.ts';
import { created, registerTarget } from './ssh-target.ts';
import { type Stack, startStack } from './stack.ts';

describe.skipIf(sshdMissing !== null)(`each template${sshdMissing === null ? '' : ` (${sshdMissing})`}`, () => {
  let stack: Stack;
  let sshd: Sshd;
  let device: SimulatedDevice;
  let web: Server;
  let bob: ApiClient;
  const tried = new Set<string>();

  beforeAll(async () => {
    const configuration = 'hostname sw1\r\ninterface Gi0/1\r\n description uplink\r\nend\r\n';
    web = createServer((_request, answer) => answer.end('well')).listen(0, '127.0.0.1');
    [stack, sshd, device] = await Promise.all([
      startStack(),
      startSshd(),
      startDevice(iosLike({ answers: { 'show running-config': configuration } })),
    ]);
    chmodSync(sshd.directory, 0o777);
    bob = await addPerson(stack, 'bob', 'operator');
    for (const name of ['web-1', 'web-2', 'web-3', 'web-4']) await registerTarget(stack.as, name, sshd);
    const secrets = { password: device.password, enable_secret: 'sim-enable-Xy9' };
    await created(stack.as, '/credentials', { name: 'line', kind: 'device', username: device.user, ...secrets });
    const at = { kind: 'device', device_type: 'cisco_iosxe', host: device.host, port: device.port, host_keys: device.hostKeys };
    await created(stack.as, '/targets', { name: 'sw-1', credential: 'line', ...at });
    const { body } = await stack.as.call('GET', '/jobs/templates');
    for (const { source } of body.items as readonly { readonly source: string }[]) {
      const made = await stack.as.call('POST', '/jobs', source);
      expect([made.status, made.body.detail]).toEqual([201, undefined]);
    }
  });
  afterAll(async () => {
    await stack?.stop();
    await Promise.all([sshd?.stop(), device?.stop(), new Promise((resolve) => web.close(resolve))]);
  });

  const start = (template: string, parameters: JsonObject) => {
    tried.add(template);
    return stack.as.start(template, { parameters });
  };
  /** What a run came to, which must have completed. */
  async function outputsOf(run: string) {
    const { status, error_message, result_data } = await stack.as.until(run);
    expect([status, error_message]).toEqual(['completed', null]);
    return result_data;
  }
  const outputs = async (template: string, parameters: JsonObject) => outputsOf(await start(template, parameters));
  const inHome = (name: string) => join(sshd.directory, name);
  const address = () => `http://127.0.0.1:${(web.address() as AddressInfo).port}/`;

  test('run-command runs a command on every host', async () => {
    const run = await start('run-command', { hosts: ['web-1', 'web-2'], command: 'echo "hello $((6 * 7))"' });
    expect(await outputsOf(run)).toEqual({ hosts: 2 });
    expect((await stack.as.log(run, 'run[1]')).map(({ text }) => text)).toContain('hello 42');
  });

  test('upload-and-restart puts the file there and keeps the old one; a restart that fails brings it back', async () => {
    const change = (content: string, restart: string) =>
      start('upload-and-restart', { host: 'web-1', file: inHome('service.conf'), content, restart });
    expect(await outputsOf(await change('one\n', 'true'))).toEqual({ bytes: 4 });
    expect(await outputsOf(await change('second\n', `cat ${inHome('service.conf')} > ${inHome('seen')}`))).toEqual({ bytes: 7 });
    expect(readFileSync(inHome('seen'), 'utf8')).toBe('second\n');
    expect((await stack.as.until(await change('broken\n', 'exit 1'))).status).toBe('failed');
    expect(readFileSync(inHome('service.conf'), 'utf8')).toBe('second\n');
  });

  test('rolling-change changes all hosts, group by group', async () => {
    const hosts = ['web-1', 'web-2', 'web-3', 'web-4'];
    expect(await outputs('rolling-change', { hosts, change: `echo x >> ${inHome('changed')}` })).toEqual({ changed: 4 });
    expect(readFileSync(inHome('changed'), 'utf8')).toBe('x\n'.repeat(4));
  });

  test('device-configurations keeps what each device says in its log', async () => {
    const run = await start('device-configurations', { devices: ['sw-1'] });
    expect(await outputsOf(run)).toEqual({ devices: 1 });
    expect((await stack.as.log(run, 'show[0]')).map(({ text }) => text)).toContain(' description uplink');
  });

  test('http-health-check counts the services that answer', async () => {
    expect(await outputs('http-health-check', { urls: [address(), `${address()}again`] })).toEqual({ healthy: 2 });
  });

  test('approved-change waits for another person’s word and hands on the ticket', async () => {
    const run = await start('approved-change', { host: 'web-1', look: 'echo before', change: 'echo "by $TICKET"' });
    await stack.as.untilStep(run, 'approve', ({ status }) => status === 'waiting');
    expect((await bob.call('POST', `/runs/${run}/steps/approve/approve`, { form: { ticket: 'CHG7' } })).status).toBe(202);
    expect(await outputsOf(run)).toEqual({ ticket: 'CHG7', said: 'by CHG7\n' });
  });

  test('nightly-cleanup removes old files and no others', async () => {
    const make = `mkdir -p ${inHome('spool/sub')}; touch -d '40 days ago' ${inHome('spool/sub/old')}; touch ${inHome('spool/new')}`;
    await outputs('run-command', { hosts: ['web-1'], command: make });
    const cleared = await outputs('nightly-cleanup', { hosts: ['web-1'], directory: inHome('spool'), days: 30 });
    expect(cleared).toEqual({ removed: [`${inHome('spool/sub/old')}\n`] });
    expect([existsSync(inHome('spool/sub/old')), existsSync(inHome('spool/new'))]).toEqual([false, true]);
    const refused = await stack.as.call('POST', '/jobs/nightly-cleanup/runs', { parameters: { hosts: ['web-1'], directory: '/tmp/..' } });
    expect(refused.status).toBe(422);
  });

  test('for-each carries the command out for each item and sums up', async () => {
    expect(await outputs('for-each', { items: ['a', 'b', 'c'] })).toEqual({ lines: '3' });
  });

  test('chain-of-jobs goes on with what the other job came to', async () => {
    expect(await outputs('chain-of-jobs', { urls: [address()] })).toEqual({ said: '1 of them are healthy\n' });
  });

  test('the nightly check finds all of them well, and the one whose host is gone broken', async () => {
    await stack.as.job({ name: 'orphan', steps: [{ id: 'a', type: 'ssh.exec', target: 'web-9', config: { command: 'true' } }] });
    await stack.temporal.schedule.getHandle('capstan-check-jobs').trigger();
    const names = async (health: string) =>
      ((await stack.as.call('GET', `/jobs?health=${health}`)).body.items as readonly { name: string }[]).map(({ name }) => name);
    expect(
      await eventually(
        () => names('ok'),
        ({ length }) => length > 0,
        20_000,
      ),
    ).toEqual(JOB_TEMPLATES.map(({ name }) => name).sort());
    expect(await names('broken')).toEqual(['orphan']);
  });

  test('none is left out here', () => {
    expect([...tried].sort()).toEqual(JOB_TEMPLATES.map(({ name }) => name).sort());
  });
});
