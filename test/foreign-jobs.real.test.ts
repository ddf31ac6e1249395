import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Sshd, sshdMissing, startSshd } from './peers/sshd.ts';
import { registerTarget } from './ssh-target.ts';
import { type Stack, startStack } from './stack.ts';

let stack: Stack;
let sshd: Sshd | null = null;
let posted: string[] = [];
let sink: Server;
let url: string;
beforeAll(async () => {
  sink = createServer((request, response) => {
    request.setEncoding('utf8').on('data', (text: string) => posted.push(text));
    request.on('end', () => response.end('{}'));
  });
  await new Promise<void>((resolve) => sink.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(sink.address() as AddressInfo).port}`;
  stack = await startStack();
  if (sshdMissing !== null) return;
  sshd = await startSshd();
  await registerTarget(stack.as, 'edge-1', sshd);
});
afterAll(async () => {
  await stack?.stop();
  await sshd?.stop();
  sink?.close();
});

interface Report {
  readonly saved: boolean;
  readonly items: readonly {
    name: string;
    action: string;
    problems: readonly { pointer: string }[];
    report: readonly { kind: string }[];
  }[];
}
async function importJobs(format: string, jobs: object, query = ''): Promise<{ status: number; body: Report }> {
  const { status, body } = await stack.as.call('POST', `/jobs/import?format=${format}${query}`, jobs);
  return { status, body: body as unknown as Report };
}
const sample = (name: string): object => JSON.parse(readFileSync(new URL(`../jobs/foreign/samples/${name}.json`, import.meta.url), 'utf8'));

test.each(['config-style', 'step-type-style'])(
  'the sample of the %s is imported with a report, or refused for the steps that nobody here knows',
  async (format) => {
    const trial = await importJobs(format, [sample(format)], '&dry_run=true');
    expect(trial.body.items).toMatchObject([
      { action: 'bad', problems: expect.arrayContaining([expect.objectContaining({ pointer: expect.stringMatching(/type$/) })]) },
    ]);
    expect((await importJobs(format, sample(format))).status).toBe(422);
    const { status, body } = await importJobs(format, sample(format), '&unknown_steps=leave_out');
    expect([status, body.saved, body.items[0]?.action]).toEqual([200, true, 'created']);
    expect(new Set(body.items[0]?.report.map(({ kind }) => kind))).toEqual(new Set(['renamed', 'rewritten', 'unmapped']));
  },
);

test('what is no definition of that form is a bad item, and stops all', async () => {
  const { status } = await importJobs('config-style', [
    { name: 'good', steps: [{ name: 'a', type: 'local.exec', config: { command: 'true' } }] },
    { odd: 1 },
  ]);
  expect(status).toBe(422);
  expect((await stack.as.call('GET', '/jobs/good')).status).toBe(404);
});

test.skipIf(sshdMissing !== null)(
  `jobs of both forms run on hosts, files, addresses and the worker${sshdMissing ? ` (${sshdMissing})` : ''}`,
  async () => {
    const config = {
      name: 'Old nightly',
      parameters: { word: { type: 'string' } },
      steps: [
        { name: 'On the host', type: 'ssh.exec', target: 'edge-1', config: { command: "echo 'it is ${{parameters.word}}'", timeout: 30 } },
        {
          name: 'A file',
          type: 'sftp.upload',
          target: 'edge-1',
          config: { content: '${{parameters.word}}', remote_path: 'old-nightly.txt' },
        },
        { name: 'Here', type: 'local.exec', config: { command: 'echo ${{parameters.word}}' } },
      ],
    };
    expect((await importJobs('config-style', config)).body.saved).toBe(true);
    const word = 'a "b" $(touch /tmp/never) `c`';
    const run = await stack.as.start('old-nightly', { parameters: { word } });
    expect((await stack.as.until(run)).status).toBe('completed');
    // What a step printed is recorded behind it, and may come after the end of the run.
    const outs = async () => (await stack.as.steps(run)).map(({ stdout }) => stdout?.trim()).filter((_, at) => at !== 1);
    await expect.poll(outs).toEqual([`it is ${word}`, word]);

    const steps = {
      job: {
        job_name: 'Old figures',
        max_retries: 1,
        steps: [
          { step_id: 'count', step_type: 'ssh', timeout: 20, config: { command: 'echo 42', connection_name: 'edge-1' } },
          { step_id: 'post', step_type: 'http', config: { method: 'POST', url, body: 'orders: {{ count.stdout }}' } },
        ],
      },
    };
    expect((await importJobs('step-type-style', steps)).body.saved).toBe(true);
    posted = [];
    const second = await stack.as.start('old-figures');
    expect((await stack.as.until(second)).status).toBe('completed');
    expect(posted.join('')).toBe('orders: 42\n');
  },
);
