import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { formatDuration } from '#jobs/duration.ts';
import { hasEnded, type RunStatus, type StepStatus } from '#jobs/run-state.ts';
import { ApiRefusal, apiAt, type CallApi } from './api-client.ts';
import { sampleSource } from './sample-source.ts';
import type { LocalSshd } from './sshd.ts';

export interface SamplePlan {
  readonly root: string;
  readonly url: string;
  readonly token: string;
  readonly sshd: LocalSshd | null;
  readonly prefix: string;
  readonly say: (line: string) => void;
}

interface RunSeen {
  readonly id: string;
  readonly number: number;
  readonly job: string;
  readonly status: RunStatus;
  readonly error_message: string | null;
  readonly total_steps: number | null;
}

interface StepSeen {
  readonly key: string;
  readonly step_number: number;
  readonly name: string;
  readonly type: string;
  readonly status: StepStatus;
  readonly message: string | null;
  readonly attempt: number;
  readonly duration_ms: number | null;
  readonly error: { readonly message: string } | null;
}

const FILE = 'examples/first-run.yaml';
const JOB = 'first-run';
const MARKS: Partial<Record<StepStatus, string>> = { completed: '✓', skipped: '–', failed: '✗', cancelled: '✗', timed_out: '✗', lost: '✗' };
const PATIENCE_MS = 120_000;

/**
 * Saves the sample job with its host and key, runs it for real and prints each step as it ends. Answers whether the run completed.
 * Where an earlier start was cut off, goes on with what that one made.
 */
export async function runSample({ root, url, token, sshd, prefix, say }: SamplePlan): Promise<boolean> {
  const call = apiAt(`${url}${prefix}`, token);
  if (sshd) await registerHost(call, sshd);
  await saveJob(call, sampleSource(readFileSync(join(root, FILE), 'utf8'), url, sshd !== null));
  const { items } = await call<{ items: readonly RunSeen[] }>('GET', `/runs?job=${JOB}&limit=1`);
  const run = items[0] ?? (await call<RunSeen>('POST', `/jobs/${JOB}/runs`, { message: 'the sample of the first start' }));
  say('');
  say(`Running the sample, ${FILE} (run #${run.number})`);
  return await follow(call, run.id, say);
}

const saveJob = (call: CallApi, source: string) =>
  unlessThere(call('POST', '/jobs?sample=true', source), () => call('PUT', `/jobs/${JOB}`, source));

const save = (call: CallApi, list: string, name: string, content: object) =>
  unlessThere(call('POST', list, { name, ...content }), () => call('PUT', `${list}/${name}`, content));

async function unlessThere(made: Promise<unknown>, replace: () => Promise<unknown>): Promise<void> {
  try {
    await made;
  } catch (error) {
    if (!(error instanceof ApiRefusal && error.status === 409)) throw error;
    await replace();
  }
}

const HOST = 'sample-host';
const KEY = 'sample-key';

/** The private sshd as a target whose host key is known beforehand. */
async function registerHost(call: CallApi, { port, user, userKey, hostKey }: LocalSshd): Promise<void> {
  const [type = '', key = ''] = hostKey.split(' ');
  const fingerprint = `SHA256:${createHash('sha256').update(Buffer.from(key, 'base64')).digest('base64').replace(/=+$/, '')}`;
  await save(call, '/credentials', KEY, {
    kind: 'ssh_key',
    description: 'Key of the sample’s SSH server',
    username: user,
    private_key: userKey,
    sample: true,
  });
  await save(call, '/targets', HOST, {
    kind: 'ssh',
    description: 'The SSH server that npm start runs on this machine',
    host: '127.0.0.1',
    port,
    credential: KEY,
    host_key_policy: 'strict',
    host_keys: [{ type, key, fingerprint }],
    sample: true,
  });
}

async function follow(call: CallApi, id: string, say: (line: string) => void): Promise<boolean> {
  const told = new Set<string>();
  const giveUpAt = Date.now() + PATIENCE_MS;
  for (;;) {
    const run = await call<RunSeen>('GET', `/runs/${id}`);
    const { items } = await call<{ items: readonly StepSeen[] }>('GET', `/runs/${id}/steps`);
    for (const step of items) {
      if (told.has(step.key) || !(step.status in MARKS)) continue;
      told.add(step.key);
      say(lineOf(step));
    }
    if (hasEnded(run.status)) {
      say(`  ${run.status}${run.error_message ? `: ${run.error_message}` : ''}`);
      return run.status === 'completed';
    }
    if (Date.now() > giveUpAt) {
      say(`  still ${run.status} after ${PATIENCE_MS / 1000} s; the page shows how it goes on`);
      return false;
    }
    await sleep(150);
  }
}

function lineOf({ status, step_number, name, type, duration_ms, attempt, error, message }: StepSeen): string {
  const details = [
    status,
    duration_ms === null ? null : formatDuration(duration_ms),
    attempt > 1 ? `attempt ${attempt}` : null,
    error?.message ?? (status === 'skipped' ? message : null),
  ];
  return `  ${MARKS[status]} ${step_number} ${name.padEnd(34)} ${type.padEnd(13)} ${details.filter(Boolean).join(', ')}`;
}
