import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Answer } from '../ask.ts';
import { type RemoteAnswer, readAnswer } from './answer.ts';
import { cleanScript, markSeenScript } from './close.ts';
import { followScript } from './follow.ts';
import type { RemoteRequest } from './payload.ts';
import { HOST_FILES, type HostFiles, type RoundPlace, roundName } from './place.ts';
import { type EndedRemotely, readEnded } from './reap.ts';
import { type Ended, reapScript } from './reap-script.ts';
import { type RemoteOrder, startScript } from './start.ts';

/** The POSIX shells a host's /bin/sh may be, by name; those that this machine has not are named by `shellAbsent`. */
export const SHELLS = {
  dash: '/usr/bin/dash',
  bash: '/usr/bin/bash --posix',
  busybox: '/usr/bin/busybox sh',
  mksh: '/usr/bin/mksh',
} as const;
export type ShellName = keyof typeof SHELLS;

export const shellAbsent = (name: ShellName): boolean => !existsSync(SHELLS[name].split(' ')[0] ?? '');

const MARK = 'capstan-test';

/** This machine as a host, reached by one shell: a home of its own, nothing between. */
export interface TestHost {
  readonly home: string;
  readonly place: RoundPlace;
  /** Directory of an execution. */
  directory(execution?: number): string;
  file(name: string, execution?: number): string;
  /** Runs a script as a session would. */
  ask(script: string, onChild?: (child: ChildProcess) => void): Promise<Answer>;
  start(
    request: Partial<RemoteRequest>,
    more?: Partial<RemoteOrder> & { readonly from?: number; readonly most?: number },
  ): Promise<RemoteAnswer>;
  startText(request: Partial<RemoteRequest>, more?: Partial<RemoteOrder>): string;
  follow(from?: number, most?: number, execution?: string): Promise<RemoteAnswer>;
  /** Follows from the beginning until it is over; what both streams held. */
  end(): Promise<RemoteAnswer & { readonly out: string; readonly err: string }>;
  seen(execution: number): Promise<Answer>;
  clean(execution: number): Promise<Answer>;
  reap(ended?: Partial<Ended>): Promise<EndedRemotely>;
  close(): Promise<void>;
}

let hosts = 0;

/** Makes one; `files` replaces what the scripts look at, `environment` what the shell is given. */
export function testHost(
  shell: ShellName,
  files: Partial<HostFiles> = {},
  environment: { readonly [name: string]: string } = {},
): TestHost {
  hosts += 1;
  const home = mkdtempSync(join(tmpdir(), 'capstan-host-'));
  const host: HostFiles = { ...HOST_FILES, shell: SHELLS[shell], ...files };
  const place: RoundPlace = {
    remoteDir: null,
    run: `0198aaaa-0000-7000-8000-${process.pid.toString().padStart(8, '0')}${hosts.toString().padStart(4, '0')}`,
    key: 'show[3]',
    round: 0,
  };
  const directory = (execution = 1) => join(home, '.capstan', place.run, roundName(place), String(execution));

  const ask: TestHost['ask'] = (script, onChild) =>
    new Promise((resolve, reject) => {
      const [program = '', ...args] = SHELLS[shell].split(' ');
      const env = { PATH: process.env.PATH ?? '', HOME: home, ...environment };
      const child = spawn(program, [...args, '-s'], { env, cwd: home, detached: true });
      const stdout: Buffer[] = [];
      const stderr: Buffer[] = [];
      child.stdout.on('data', (bytes) => stdout.push(bytes));
      child.stderr.on('data', (bytes) => stderr.push(bytes));
      child.stdin.on('error', () => undefined);
      child.once('error', reject);
      child.once('close', (code) => resolve({ code: code ?? 137, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr) }));
      child.stdin.end(script);
      onChild?.(child);
    });

  const requestOf = (request: Partial<RemoteRequest>): RemoteRequest => ({
    text: 'true',
    interpreter: null,
    workingDirectory: null,
    environment: {},
    stdin: null,
    become: null,
    successCodes: [0],
    stopOnError: true,
    ...request,
  });
  const startText = (request: Partial<RemoteRequest>, more: Partial<RemoteOrder> & { from?: number; most?: number } = {}) => {
    const { from = 0, most = 1_048_576, ...order } = more;
    const whole = { place, execution: 1, attachOnly: false, request: requestOf(request), timeoutMs: 60_000, maxOutput: 1e9, ...order };
    return startScript(whole, MARK, { stdout: from, stderr: 0, most }, host);
  };
  const reading = async (answer: Promise<Answer>, from: number): Promise<RemoteAnswer> => {
    const got = await answer;
    const read = readAnswer(got, MARK, { stdout: from, stderr: 0 });
    if (read === null) throw new Error(`no answer, code ${got.code}: ${got.stdout}${got.stderr}`);
    return read;
  };
  const follow: TestHost['follow'] = (from = 0, most = 1_048_576, execution = '1') =>
    reading(ask(followScript(place, execution, MARK, { stdout: from, stderr: 0, most }, { seconds: 5, quietMs: 0 }, host)), from);

  return {
    home,
    place,
    directory,
    file: (name, execution) => readFileSync(join(directory(execution), name), 'latin1'),
    ask,
    startText,
    start: (request, more = {}) => reading(ask(startText(request, more)), more.from ?? 0),
    follow,
    async end() {
      const out: Buffer[] = [];
      for (let from = 0, tries = 0; tries < 400; tries += 1) {
        const answer = await follow(from);
        out.push(answer.stdout);
        from += answer.stdout.length;
        if (answer.state !== 'running' && from >= answer.sizes.stdout)
          return { ...answer, out: Buffer.concat(out).toString('latin1'), err: answer.stderr.toString('latin1') };
      }
      throw new Error('it did not end');
    },
    seen: (execution) => ask(markSeenScript(place, String(execution))),
    clean: (execution) => ask(cleanScript([{ place, execution: String(execution) }])),
    async reap(ended = {}) {
      const script = reapScript({ place, only: null, graceMs: 500, forget: false, ...ended }, MARK, host);
      const answer = await ask(script);
      const read = readEnded(answer.stdout.toString('latin1'), MARK);
      if (read === null) throw new Error(`no answer, code ${answer.code}: ${answer.stdout}${answer.stderr}`);
      return read;
    },
    async close() {
      await ask(reapScript({ place, only: null, graceMs: 100, forget: true }, MARK, { ...HOST_FILES, shell: SHELLS[shell] }));
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** Every process whose arguments or environment hold this text. */
export function processesWith(text: string, where: 'cmdline' | 'environ'): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && name !== String(process.pid))
    .map(Number)
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/${where}`, 'latin1').includes(text);
      } catch {
        return false;
      }
    });
}
