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

/**
 * `c_safe`: false, with why in `c_unsafe`, when another user of the host could put files of theirs in the place of ours: `$c_base` must be ours or
 * root's, and where all may write (`/tmp`), `$c_run` must be ours. Starts processes only where the base is not ours.
 */
export const SAFE = `c_safe() {
  c_unsafe="'$c_base' belongs to another user, who could change what stands there"
  [ -e "$c_base" ] || [ -L "$c_base" ] || return 0
  if [ -L "$c_base" ] || [ ! -O "$c_base" ]; then
    c_x=$(id -u)
    set -- $(LC_ALL=C ls -ldn "$c_base")
    case $3 in 0 | "$c_x") ;; *) return 1 ;; esac
    set -- $(LC_ALL=C ls -ldn "$c_base/.")
    case $3 in 0 | "$c_x") ;; *) return 1 ;; esac
    c_unsafe="all may change what stands in '$c_base'"
    case $1 in ????????w[!tT]*) return 1 ;; esac
  fi
  [ -k "$c_base" ] || return 0
  c_unsafe="'$c_run' was made by another user"
  if [ -L "$c_run" ]; then return 1; fi
  [ ! -e "$c_run" ] || [ -O "$c_run" ]
}
`;

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
