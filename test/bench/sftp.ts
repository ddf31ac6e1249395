import { randomFillSync } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runSftpDownload } from '#activities/sftp-download/run.ts';
import { runSftpSync } from '#activities/sftp-sync/run.ts';
import { runSftpUpload } from '#activities/sftp-upload/run.ts';
import { type Arm, alternate, pairedRatio, spread } from './measure.ts';
import type { Finding } from './result.ts';
import { assertAlike, type SftpArena, startSftpArena } from './sftp-arena.ts';

const LARGE = 1024 ** 3;
const SMALL = { files: 10_000, bytes: 1024 };

/** Transfers as steps do them against OpenSSH's `sftp` and rsync, each over a connection of its own, in memory; what arrived is compared outside of the time taken. */
export async function measureSftp(rounds: number): Promise<readonly Finding[]> {
  const arena = await startSftpArena();
  try {
    return [...(await largeFile(arena, rounds)), ...(await smallFiles(arena, rounds)), await unchanged(arena, rounds)];
  } finally {
    await arena.stop();
  }
}

async function largeFile(arena: SftpArena, rounds: number): Promise<readonly Finding[]> {
  const { local, remote } = arena;
  const bytes = Buffer.alloc(LARGE);
  for (let at = 0; at < LARGE; at += 2 ** 24) randomFillSync(bytes, at, 2 ** 24);
  writeFileSync(join(local, 'large'), bytes);
  const up = (verify: 'none' | 'sha256') => (): Promise<unknown> =>
    arena.step((step) => runSftpUpload({ local_path: 'large', remote_path: join(remote, 'large'), verify }, step));
  const down = (verify: 'none' | 'sha256') => (): Promise<unknown> =>
    arena.step((step) => runSftpDownload({ remote_path: join(remote, 'large'), local_path: 'fetched', verify }, step));
  const check = (one: string, other: string) => () => assertAlike(join(...split(one, arena)), join(...split(other, arena)));
  const uploads = await compared(
    arena,
    rounds,
    {
      capstan: up('none'),
      'capstan, checked': up('sha256'),
      sftp: () => arena.sftp([`put ${join(local, 'large')} ${join(remote, 'large')}`]),
    },
    check('local/large', 'remote/large'),
  );
  const downloads = await compared(
    arena,
    rounds,
    {
      capstan: down('none'),
      'capstan, checked': down('sha256'),
      sftp: () => arena.sftp([`get ${join(remote, 'large')} ${join(local, 'fetched')}`]),
    },
    check('remote/large', 'local/fetched'),
  );
  for (const name of ['local/large', 'local/fetched', 'remote/large']) rmSync(join(...split(name, arena)), { force: true });
  return [
    faster('1 GiB up', uploads, 'capstan', 'sftp', 1.2),
    faster('1 GiB up, SHA-256 compared', uploads, 'capstan, checked', 'sftp', null),
    faster('1 GiB down', downloads, 'capstan', 'sftp', 1.2),
    faster('1 GiB down, SHA-256 compared', downloads, 'capstan, checked', 'sftp', null),
  ];
}

const split = (name: string, { local, remote }: SftpArena): [string, string] => {
  const [side = '', file = ''] = name.split('/');
  return [side === 'local' ? local : remote, file];
};

async function smallFiles(arena: SftpArena, rounds: number): Promise<readonly Finding[]> {
  const { local, remote } = arena;
  makeSmallFiles(join(local, 'small'));
  const upload = (verify: 'none' | 'sha256') => (): Promise<unknown> =>
    arena.step((step) => runSftpUpload({ local_path: 'small', remote_path: join(remote, 'small'), recursive: true, verify }, step));
  const taken = await compared(
    arena,
    rounds,
    {
      capstan: upload('none'),
      'capstan, checked': upload('sha256'),
      sftp: () => arena.sftp([`put -r ${join(local, 'small')} ${remote}`]),
    },
    () => {
      assertAlike(join(local, 'small'), join(remote, 'small'));
      rmSync(join(remote, 'small'), { recursive: true });
    },
  );
  return [
    faster('10,000 × 1 KiB up', taken, 'capstan', 'sftp', 2),
    faster('10,000 × 1 KiB up, SHA-256 compared', taken, 'capstan, checked', 'sftp', null),
  ];
}

function makeSmallFiles(directory: string): void {
  mkdirSync(directory);
  for (let index = 0; index < SMALL.files; index += 1) {
    const inner = join(directory, `d${Math.floor(index / 100)}`);
    if (index % 100 === 0) mkdirSync(inner);
    writeFileSync(join(inner, `f${index}`), randomFillSync(Buffer.alloc(SMALL.bytes)));
  }
}

async function unchanged(arena: SftpArena, rounds: number): Promise<Finding> {
  const { local, remote } = arena;
  const ours = () =>
    arena.step((step) =>
      runSftpSync({ direction: 'up', local_path: 'small', remote_path: join(remote, 'small'), create_directories: true }, step),
    );
  await ours();
  const taken = await compared(
    arena,
    rounds,
    {
      capstan: async () => {
        const { plan_total } = await ours();
        if (plan_total !== 0) throw new Error(`${plan_total} changes where there is none`);
      },
      rsync: async () => {
        const said = await arena.rsync([
          '-i',
          '-r',
          '-t',
          '--omit-dir-times',
          '--delete',
          `${join(local, 'small')}/`,
          `HOST:${join(remote, 'small')}/`,
        ]);
        if (said.trim() !== '') throw new Error(`rsync found changes: ${said.slice(0, 200)}`);
      },
    },
    () => undefined,
  );
  const ratio = pairedRatio(taken('capstan').ms, taken('rsync').ms);
  return {
    what: 'unchanged sync of 10,000 files',
    unit: 'ms',
    capstan: spread(taken('capstan').ms),
    against: { name: 'rsync', ...spread(taken('rsync').ms) },
    verdict: `${ratio.toFixed(2)} × (${cpuWords(taken, 'capstan', 'rsync')})`,
    goal: { words: '≤ 1.5 ×', met: ratio <= 1.5 },
  };
}

type Taken = Awaited<ReturnType<typeof alternate>>;

/** Runs the arms in turn; the processor time of ours is this process's, that of the others is their client's. */
async function compared(
  arena: SftpArena,
  rounds: number,
  arms: { readonly [name: string]: () => Promise<unknown> },
  check: () => void,
): Promise<Taken> {
  const foreign = new Map<string, number[]>();
  const timed = Object.entries(arms).map(
    ([name, act]): Arm => ({
      name,
      once: async () => {
        const [began, cpu] = [performance.now(), arena.foreignCpuMs];
        await act();
        const took = performance.now() - began;
        if (!name.startsWith('capstan')) foreign.set(name, [...(foreign.get(name) ?? []), arena.foreignCpuMs - cpu]);
        check();
        return took;
      },
    }),
  );
  const taken = await alternate(timed, rounds, 1);
  // Without the warm-up.
  return (name) => ({ ms: taken(name).ms, cpuMs: foreign.get(name)?.slice(1) ?? taken(name).cpuMs });
}

const cpuWords = (taken: Taken, ours: string, theirs: string): string => {
  const seconds = (name: string): string => (spread(taken(name).cpuMs).median / 1000).toFixed(2);
  return `processor seconds of the clients ${seconds(ours)} and ${seconds(theirs)}`;
};

function faster(what: string, taken: Taken, ours: string, theirs: string, goal: number | null): Finding {
  const ratio = pairedRatio(taken(theirs).ms, taken(ours).ms);
  return {
    what,
    unit: 'ms',
    capstan: spread(taken(ours).ms),
    against: { name: theirs, ...spread(taken(theirs).ms) },
    verdict: `${ratio.toFixed(2)} × as fast (${cpuWords(taken, ours, theirs)})`,
    goal: goal === null ? null : { words: `≥ ${goal} × as fast`, met: ratio >= goal },
  };
}
