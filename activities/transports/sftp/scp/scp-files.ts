import { StepFailure, stepFailure } from '#jobs/failure.ts';
import type { SshSession } from '../../ssh/session.ts';
import { quoted, RemoteDigests } from '../digests.ts';
import { fileFailure, type Spot, type Stage, sftpFailure } from '../failure.ts';
import type { Attributes, Entry, Facts, Files, Kind, Sink, Source } from '../files.ts';
import { ScpChannel, ScpRefusal } from './scp-channel.ts';

const BLOCK = 32_768;
const KINDS: { readonly [letter: string]: Kind } = { l: 'link', d: 'directory', f: 'file', o: 'other' };

/** The files of a host that has a shell and `scp` and no SFTP server: bytes go by scp's old protocol, everything else is asked of the shell. */
export class ScpFiles implements Files {
  readonly where: string;
  readonly isLocal = false;
  readonly canResume = false;
  readonly #session: SshSession;
  readonly #signal: AbortSignal;
  readonly #digests: RemoteDigests;
  readonly #channels = new Set<ScpChannel>();

  constructor(session: SshSession, signal: AbortSignal) {
    this.#session = session;
    this.#signal = signal;
    this.where = session.peer.target;
    this.#digests = new RemoteDigests(session, signal);
    signal.addEventListener('abort', () => this.close(), { once: true });
  }

  blockSize = async (): Promise<number> => BLOCK;

  async absolute(given: string): Promise<string> {
    if (given.includes('\0')) throw fileFailure('invalid_input', this.#spot('resolve', given), 'a path holds no NUL');
    if (given.startsWith('/')) return given.replace(/(.)\/+$/, '$1');
    const home = (await this.#shell('resolve', given, 'pwd')).trim();
    return `${home}/${given.replace(/^~\/?/, '').replace(/\/+$/, '')}`.replace(/\/$/, '');
  }

  async look(path: string, links: 'follow' | 'keep'): Promise<Facts | null> {
    const p = quoted(path);
    const said = await this.#shell(
      'resolve',
      path,
      [
        links === 'keep' ? `if [ -h ${p} ]; then k=l; elif` : 'if',
        `[ -d ${p} ]; then k=d; elif [ -f ${p} ]; then k=f; elif [ -e ${p} ]; then k=o; else exit 0; fi`,
        `s=0; [ $k = f ] && [ -r ${p} ] && s=$(wc -c < ${p})`,
        `echo $k $s $(stat -${links === 'follow' ? 'L' : ''}c '%Y %a' ${p} 2>/dev/null)`,
      ].join('\n'),
    );
    const [kind, size, mtime = '0', mode = '644'] = said.trim().split(/\s+/);
    if (!kind) return null;
    return { kind: KINDS[kind] ?? 'other', size: Number(size), mtime: Number(mtime), mode: Number.parseInt(mode, 8), id: '' };
  }

  resolved = async (path: string): Promise<string> => path;

  list = (path: string): Promise<readonly Entry[]> => this.#cannot('list', path, 'scp lists no directory; use SFTP');

  async open(path: string): Promise<Source> {
    const spot = this.#spot('open', path);
    const scp = await this.#start(`scp -p -f -- ${quoted(path)}`);
    try {
      await scp.agree();
      const facts = await header(scp);
      await scp.agree();
      let next = 0;
      let turn: Promise<unknown> = Promise.resolve();
      const take = async (position: number, length: number): Promise<Buffer> => {
        if (position !== next) throw stepFailure('internal', `scp reads from the beginning to the end, not ${position} after ${next}`);
        const parts: Buffer[] = [];
        for (let have = 0; have < length; ) {
          const bytes = await scp.take(length - have);
          parts.push(bytes);
          have += bytes.length;
        }
        next += length;
        return Buffer.concat(parts);
      };
      return {
        facts,
        read: (position, length) => {
          const taking = turn.then(() => take(position, Math.min(length, facts.size - position)));
          turn = taking.catch(() => undefined);
          return taking.catch((error) => Promise.reject(refusalOf(this.#spot('read', path), error)));
        },
        look: () => this.look(path, 'follow'),
        close: async () => this.#end(scp),
      };
    } catch (error) {
      this.#end(scp);
      throw refusalOf(spot, error);
    }
  }

  async create(path: string, { mode }: Attributes, _keep: number, size: number): Promise<Sink> {
    const spot = this.#spot('write', path);
    const told = (error: unknown) => Promise.reject(refusalOf(spot, error));
    const scp = await this.#start(`scp -t -- ${quoted(path)}`);
    const name = path.slice(path.lastIndexOf('/') + 1);
    await scp
      .agreed()
      .then(() => scp.send(Buffer.from(`C${(mode ?? 0o644).toString(8).padStart(4, '0')} ${size} ${name}\n`)))
      .then(() => scp.agreed())
      .catch((error) => {
        this.#end(scp);
        return told(error);
      });
    return {
      write: (_position, bytes) => scp.send(bytes).catch(told),
      read: null,
      finish: async (_size, attributes) => {
        await scp
          .agree()
          .then(() => scp.agreed())
          .catch(told)
          .finally(() => this.#end(scp));
        await this.change(path, attributes);
        return (await this.look(path, 'keep'))?.size ?? 0;
      },
      close: async () => this.#end(scp),
    };
  }

  place = async (part: string, path: string): Promise<void> => {
    await this.#shell('place', path, `[ ! -d ${quoted(path)} ] && mv -f -- ${quoted(part)} ${quoted(path)}`);
  };

  async change(path: string, { mode, mtime }: Attributes): Promise<void> {
    const commands = [
      ...(mode === undefined ? [] : [`chmod ${mode.toString(8)} ${quoted(path)}`]),
      ...(mtime === undefined ? [] : [`TZ=UTC touch -t ${touchTime(mtime)} ${quoted(path)}`]),
    ];
    if (commands.length > 0) await this.#shell('attributes', path, commands.join(' && '));
  }

  remove = async (path: string): Promise<void> => void (await this.#shell('delete', path, `rm -f -- ${quoted(path)}`));
  makeDirectory = async (path: string): Promise<void> =>
    void (await this.#shell('directory', path, `[ -d ${quoted(path)} ] || mkdir -- ${quoted(path)}`));
  removeDirectory = async (path: string): Promise<void> => void (await this.#shell('delete', path, `rmdir -- ${quoted(path)}`));
  linkTarget = (path: string): Promise<string> => this.#cannot('link', path, 'scp knows no links; use SFTP');
  link = (_target: string, path: string): Promise<void> => this.#cannot('link', path, 'scp knows no links; use SFTP');
  digest = (path: string, length?: number): Promise<string | null> => this.#digests.of(path, length);

  async freeBytes(path: string): Promise<number | null> {
    const directory = path.slice(0, path.lastIndexOf('/')) || '/';
    const said = await this.#shell('space', path, `df -Pk ${quoted(directory)} 2>/dev/null | awk 'NR == 2 { print $4 }'`);
    const kilobytes = Number.parseInt(said, 10);
    return Number.isNaN(kilobytes) ? null : kilobytes * 1024;
  }

  close(): void {
    for (const scp of this.#channels) scp.end();
  }

  async #start(command: string): Promise<ScpChannel> {
    const scp = new ScpChannel(await this.#session.run(command, this.#signal));
    this.#channels.add(scp);
    return scp;
  }

  #end(scp: ScpChannel): void {
    this.#channels.delete(scp);
    scp.end();
  }

  /** What a command of ours says; a code other than 0 is the host's refusal. */
  async #shell(stage: Stage, path: string, script: string): Promise<string> {
    const { code, stdout, stderr } = await this.#session.ask(`${script}\n`, { signal: this.#signal, limitMs: 60_000, maxBytes: 65_536 });
    if (code !== 0) throw refusalOf(this.#spot(stage, path), new ScpRefusal(stderr.toString().trim() || `refused with code ${code}`));
    return stdout.toString();
  }

  #cannot = (stage: Stage, path: string, what: string): Promise<never> =>
    Promise.reject(fileFailure('invalid_input', this.#spot(stage, path), what));

  #spot = (stage: Stage, path: string): Spot => ({ where: this.where, stage, path });
}

/** Reads what comes before the bytes: times, if the host tells them, then mode, size and name. */
async function header(scp: ScpChannel): Promise<Facts> {
  let mtime = 0;
  for (;;) {
    const [kind = 0] = await scp.take(1);
    const line = await scp.line();
    const letter = String.fromCharCode(kind);
    if (letter === 'T') {
      mtime = Number(/^\d+/.exec(line)?.[0] ?? 0);
      await scp.agree();
      continue;
    }
    const [, mode, size] = /^([0-7]{4}) (\d{1,15}) /.exec(line) ?? [];
    if (letter !== 'C' || mode === undefined || size === undefined) throw new ScpRefusal(line || 'an answer that is not of scp');
    return { kind: 'file', size: Number(size), mtime, mode: Number.parseInt(mode, 8) & 0o7777, id: '' };
  }
}

/** `CCYYMMDDhhmm.SS` in UTC. */
const touchTime = (mtime: number): string => {
  const digits = new Date(mtime * 1000).toISOString().replace(/[^0-9]/g, '');
  return `${digits.slice(0, 12)}.${digits.slice(12, 14)}`;
};

const REFUSALS = [
  [/no space left|disk full/i, 'assertion', 'the disk is full'],
  [/quota/i, 'assertion', 'the quota is used up'],
  [/read-only/i, 'policy', 'the file system is read-only'],
  [/permission denied/i, 'policy', 'permission denied'],
  [/no such file/i, 'invalid_input', 'there is no such file or directory'],
  [/not found/i, 'policy', 'the host has no scp'],
] as const;

function refusalOf(spot: Spot, error: unknown): StepFailure {
  if (error instanceof StepFailure || !(error instanceof ScpRefusal)) return sftpFailure(spot, error);
  const [, type, words] = REFUSALS.find(([pattern]) => pattern.test(error.message)) ?? [null, 'assertion', error.message];
  return fileFailure(type, spot, words, error);
}
