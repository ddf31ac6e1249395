import { quote } from './quote.ts';

/** Which step of which run, on the host; the executions of all its rounds stand there. */
export interface StepPlace {
  /** Directory of all runs as the target names it; null: `~/.capstan`. */
  readonly remoteDir: string | null;
  readonly run: string;
  readonly key: string;
}

/** One round of a step; its executions are numbered directories in it. */
export interface RoundPlace extends StepPlace {
  readonly round: number;
}

/** What of a host the scripts look at; only tests have another one. */
export interface HostFiles {
  /** Program and arguments of a POSIX shell. */
  readonly shell: string;
  readonly proc: string;
  readonly bootId: string;
  readonly cgroups: string;
  readonly systemd: string;
  readonly logind: string;
}

export const HOST_FILES: HostFiles = {
  shell: '/bin/sh',
  proc: '/proc',
  bootId: '/proc/sys/kernel/random/boot_id',
  cgroups: '/sys/fs/cgroup',
  systemd: '/run/systemd/system',
  logind: '/etc/systemd/logind.conf',
};

/** A step's key as part of a path and of a marker: no character that a shell, a path or the dots between its parts could take for its own. */
export const encodedKey = (key: string): string =>
  [...Buffer.from(key)]
    .map((byte) => {
      const character = String.fromCharCode(byte);
      return /[A-Za-z0-9_-]/.test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
    })
    .join('');

/** Name of a round under its run. */
export const roundName = ({ key, round }: RoundPlace): string => `${encodedKey(key)}.${round}`;

/** Sets `c_base`, the absolute directory of all runs. */
export const baseAssignment = (remoteDir: string | null): string => `c_base=${quote(remoteDir ?? '', 'remote_dir')}
case $c_base in
  '') c_base=$HOME/.capstan ;;
  '~') c_base=$HOME ;;
  '~/'*) c_base=$HOME/\${c_base#??} ;;
  /*) ;;
  *) c_base=$HOME/$c_base ;;
esac
`;
