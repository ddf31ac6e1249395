import { END_LIBRARY } from './end-library.ts';
import { lookLibrary, SAY, statLibrary } from './look.ts';
import type { HostFiles } from './place.ts';
import { exported, quote } from './quote.ts';

/** Another user to run as; no password is ever asked for. */
export interface Become {
  readonly method: 'sudo' | 'su' | 'doas';
  readonly user: string;
}

/** What is to be run on a host. */
export interface RemoteRequest {
  /** One text, or several commands that run one after the other, each in a shell of its own. */
  readonly text: string | readonly string[];
  /** Program and arguments that read the text as a file; null: the host's `/bin/sh`; `login`: the user's login shell. */
  readonly interpreter: readonly string[] | 'login' | null;
  readonly workingDirectory: string | null;
  readonly environment: { readonly [name: string]: string };
  readonly stdin: string | null;
  readonly become: Become | null;
  readonly successCodes: readonly number[];
  readonly stopOnError: boolean;
}

/**
 * What the command's shell reads on its standard input: values as quoted assignments, then the command.
 * So they stand in no argument list, in no file, and in no environment but that of what they are meant for.
 */
export function payload(request: RemoteRequest, files: HostFiles): string {
  const { text, become } = request;
  const library = typeof text === 'string' ? statLibrary(files) : lookLibrary(files);
  const user = become === null ? '' : `c_method=${become.method} c_user=${quote(become.user, 'become.user')}\n${END_LIBRARY}`;
  return `{
${library}${user}c_d=$1
[ -z "$2" ] || echo $$ >"$2/cgroup.procs"
set --
c_stat $$
echo "$$ $c_born" >"$c_d/pid"
[ ! -e "$c_d/stop" ] || exit 143
${typeof text === 'string' ? single(text, request) : several(text, request)}}
`;
}

function single(text: string, request: RemoteRequest): string {
  if (request.become === null) return `${assigned(text, request)}unset -f c_stat\n${body(request, 'exit')}`;
  return `${asOther(text, request)}exit $?\n`;
}

/** Each command with a line in `commands` when it begins and when it has ended, and how far the output was then. */
function several(texts: readonly string[], request: RemoteRequest): string {
  const { successCodes, stopOnError } = request;
  const run = texts.map((text, index) => {
    const command = request.become === null ? `${assigned(text, request)}( ${body(request, 'subshell')})\n` : asOther(text, request);
    return `c_begin ${index + 1}\n${command}c_done ${index + 1} $?\n`;
  });
  return `c_clock() { c_now; [ -n "$c_zero" ] || c_zero=$c_up; c_at=$((c_up - c_zero)); }
c_begin() { c_clock; c_began=$c_at; echo "$1 start $c_at" >>"$c_d/commands"; }
c_done() {
  c_clock
  c_sizes
  echo "$1 end $2 $c_began $c_at $c_out $c_err" >>"$c_d/commands"
  case $2 in
    ${successCodes.join(' | ')}) [ -n "$c_failed" ] || c_code=$2 ;;
    *) [ -n "$c_failed" ] || c_code=$2; c_failed=1; ${stopOnError ? 'exit "$2"' : ''} ;;
  esac
}
c_failed= c_zero=
${run.join('')}exit "$c_code"
`;
}

/** The text and its standard input as plain variables, which no other process sees. */
function assigned(text: string, { stdin }: RemoteRequest): string {
  const input = stdin === null ? '' : `c_stdin=${quote(stdin, 'stdin')}\n`;
  return `${input}c_text=${quote(text, 'the command')}\n`;
}

/** Exports the variables and runs `$c_text`, in this very shell if it is the last thing it does. */
function body({ interpreter, environment, stdin }: RemoteRequest, last: 'exit' | 'subshell'): string {
  const variables = exported(environment);
  const exit = last === 'exit' ? 'exit $?\n' : '';
  if (interpreter === null) {
    if (stdin === null) return `${variables}exec </dev/null\neval "$c_text"\n${exit}`;
    return `${variables}c_say "$c_stdin" | eval "$c_text"\n${exit}`;
  }
  const program = interpreter === 'login' ? '"${SHELL:-/bin/sh}" -l' : interpreter.map((word) => quote(word, 'interpreter')).join(' ');
  // On the command itself: a Korn shell keeps what `exec` alone opens to itself.
  const reading = (input: string) => `{ exec ${program} /dev/fd/3 3<&0 ${input}; }`;
  if (stdin === null) return `${variables}c_say "$c_text" | ${reading('</dev/null')}\n${exit}`;
  return `${variables}c_say "$c_stdin" | { exec 4<&0; c_say "$c_text" 4<&- | ${reading('0<&4 4<&-')}; }\n${exit}`;
}

/** The same by another user, whose shell reads everything from a pipe, the marker too, since `sudo` passes no environment on. */
function asOther(text: string, request: RemoteRequest): string {
  const directory = request.workingDirectory === null ? '' : `cd -- ${quote(request.workingDirectory, 'working_directory')} || exit 125\n`;
  const inner = `{
${SAY}${directory}${assigned(text, request)}${body(request, 'exit')}}
`;
  return `c_inner=${quote(inner, 'the command')}\nc_say "CAPSTAN_MARK=$CAPSTAN_MARK; export CAPSTAN_MARK
$c_inner" | c_as /bin/sh -s\n`;
}
