import { stepFailure } from '#jobs/failure.ts';

/** A command as a step asks for it. */
export interface ExecRequest {
  readonly command: string;
  readonly working_directory?: string | undefined;
  readonly environment?: { readonly [name: string]: string } | undefined;
}

const LONGEST_VALUE = 102_400;

/** Any text as one word of a POSIX shell. Throws on NUL, which no shell can carry, and over 100 KiB, near which the kernel refuses. */
export function quote(value: string, what: string): string {
  if (value.includes('\0')) throw stepFailure('invalid_input', `${what} holds a NUL character, which no command can receive`);
  if (Buffer.byteLength(value) > LONGEST_VALUE) {
    throw stepFailure(
      'invalid_input',
      `${what} is ${Buffer.byteLength(value)} bytes long; at most ${LONGEST_VALUE} can be passed to a command`,
    );
  }
  return `'${value.replaceAll("'", `'\\''`)}'`;
}

/**
 * What `/bin/sh -s` reads to run a command in a session and process group of its own.
 * It reports on standard error in lines starting with `mark`: `<mark> group <n>` just before the command starts, or `<mark> directory`
 * when there is no such working directory. The body is one brace group, so that a script cut short runs nothing at all.
 */
export function execScript({ command, working_directory, environment = {} }: ExecRequest, mark: string): string {
  const assignments = Object.entries(environment).map(([name, value]) => {
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name))
      throw stepFailure('invalid_input', `environment: ${JSON.stringify(name)} is no variable name`);
    return `${name}=${quote(value, `environment.${name}`)}; export ${name}`;
  });
  const directory =
    working_directory === undefined
      ? []
      : [`cd -- ${quote(working_directory, 'working_directory')} || { echo '${mark} directory' >&2; exit 125; }`];
  // Looked up before the command's own PATH is set; where there is no setsid the channel's own group is used.
  return `{
newsession=$(command -v setsid)
(
${[...directory, ...assignments].join('\n')}
exec $newsession /bin/sh -c '
group=$$
[ -n "$2" ] || group=$(ps -o pgid= -p $$ | tr -d " ")
echo "$1 group $group" >&2
exec /bin/sh -c "$3"' sh '${mark}' "$newsession" ${quote(command, 'command')}
) </dev/null &
exec 2>/dev/null
wait $!
exit $?
}
`;
}

/**
 * What `/bin/sh -s` reads to end a process group and its session: TERM, after `graceMs` KILL, then proof.
 * It prints `signal TERM`, `signal KILL` as they are sent, and at last `left <pids>` of processes still alive (zombies are not).
 */
export function killScript(group: number, graceMs: number): string {
  return `{
members() {
  if [ -r /proc/self/stat ]; then
    cat /proc/[0-9]*/stat 2>/dev/null | awk -v g=${group} '{ pid = $1; sub(/^.*\\) /, ""); if (($3 == g || $4 == g) && $1 != "Z" && $1 != "X") printf "%s ", pid }'
  else
    ps -A -o pid= -o pgid= -o stat= | awk -v g=${group} '$2 == g && $3 !~ /^Z/ { printf "%s ", $1 }'
  fi
}
settle() {
  tries=$1
  while [ "$tries" -gt 0 ] && [ -n "$(members)" ]; do
    sleep 0.1 2>/dev/null || sleep 1
    tries=$((tries - 1))
  done
}
pids=$(members)
if [ -n "$pids" ]; then
  echo signal TERM
  kill -s TERM $pids 2>/dev/null
  kill -s CONT $pids 2>/dev/null
  settle ${Math.max(1, Math.ceil(graceMs / 100))}
fi
pids=$(members)
if [ -n "$pids" ]; then
  echo signal KILL
  kill -s KILL $pids 2>/dev/null
  settle 20
fi
echo left $(members)
exit 0
}
`;
}
