import { type ChildProcess, spawn } from 'node:child_process';

/**
 * Kills every registered process group when its standard input closes, which is when the worker is gone, however it went.
 * `+ <group>` registers, `- <group>` forgets.
 */
const SCRIPT = `
groups=' '
while read -r what group; do
  case $what in
    +) groups="$groups$group " ;;
    -) case $groups in *" $group "*) groups="\${groups%% $group *} \${groups#* $group }" ;; esac ;;
  esac
done
for group in $groups; do kill -s KILL -- "-$group" 2>/dev/null; done
`;

/** Sees to it that no child outlives the worker: one small shell beside it, told of every process group that runs. */
export class Guard {
  readonly #groups = new Set<number>();
  #shell: ChildProcess | null = null;

  /** From now on this group dies with the worker. */
  watch(group: number): void {
    this.#groups.add(group);
    if (this.#shell === null) this.#start();
    else this.#say(`+ ${group}`);
  }

  /** The group has ended; its number may soon be another's. */
  forget(group: number): void {
    this.#groups.delete(group);
    this.#say(`- ${group}`);
  }

  #start(): void {
    // In a session of its own, so that a Ctrl-C for the worker does not reach it.
    const shell = spawn('/bin/sh', ['-c', SCRIPT], { stdio: ['pipe', 'ignore', 'ignore'], detached: true, env: {} });
    this.#shell = shell;
    shell.stdin?.on('error', () => undefined);
    shell.once('exit', () => {
      this.#shell = null;
      if (this.#groups.size > 0) this.#start();
    });
    shell.once('error', () => {
      this.#shell = null;
    });
    for (const group of this.#groups) this.#say(`+ ${group}`);
    shell.unref();
    if (shell.stdin && 'unref' in shell.stdin && typeof shell.stdin.unref === 'function') shell.stdin.unref();
  }

  #say(line: string): void {
    this.#shell?.stdin?.write(`${line}\n`);
  }
}
