import { END_LIBRARY } from './end-library.ts';
import { lookLibrary, opening } from './look.ts';
import { payload, type RemoteRequest } from './payload.ts';
import { baseAssignment, type HostFiles, type RoundPlace, roundName, SAFE } from './place.ts';
import { quote } from './quote.ts';
import { sessionChoice } from './session-choice.ts';
import { wrapperScript } from './wrapper.ts';

/** One execution to be started, unless it or a newer one is already there. */
export interface RemoteOrder {
  readonly place: RoundPlace;
  /** Number of the execution to begin when no unseen one is there. */
  readonly execution: number;
  /** Only take up what is there; begin nothing. */
  readonly attachOnly: boolean;
  readonly request: RemoteRequest;
  /** The host ends it this long after its start; 0: never. */
  readonly timeoutMs: number;
  /** Bytes of output, both streams together, over which the host ends it. */
  readonly maxOutput: number;
}

/** From where output is wanted, and at most how much of each stream. */
export interface Wanted {
  readonly stdout: number;
  readonly stderr: number;
  readonly most: number;
}

/**
 * What `/bin/sh -s` reads to start an execution or take up the one that is there, and to answer with how it stands.
 * Asking twice starts nothing twice: directories are looked at first, and the wrapper's claim decides.
 * The body is one brace group, so that a script cut short runs nothing at all.
 * A command that ends soon is waited for, and all of it delivered in the same exchange. The wrapper is no background command (see `wrapper.ts`),
 * so the exchange about a long one is over when this shell ends itself by KILL, having answered.
 */
export function startScript(order: RemoteOrder, mark: string, { stdout, stderr, most }: Wanted, files: HostFiles): string {
  const { place, request } = order;
  const answer = `c_answer ${stdout} ${stderr} ${most}`;
  const become = request.become;
  const user =
    become === null ? 'c_method= c_user=' : `c_method=${become.method} c_user=${quote(become.user, 'become.user')}\n${END_LIBRARY}`;
  const directory =
    become === null && request.workingDirectory !== null
      ? `c_dir=${quote(request.workingDirectory, 'working_directory')}
cd -- "$c_dir" || if [ -d "$c_dir" ]; then c_fault closed "$c_dir"; else c_fault absent "$c_dir"; fi
`
      : '';
  const begin = `${user}
${
  become === null
    ? ''
    : `c_x=$(c_as true 2>&1 </dev/null) || c_fault become "$c_x"
`
}${directory}[ -d "$c_d" ] || c_x=$(umask 077; LC_ALL=C mkdir -p "$c_d" 2>&1) || c_fault directory "$c_x"
c_safe || c_fault directory "$c_unsafe"
${sessionChoice(files)}
c_mark_of=${place.run}/${roundName(place)}/\${c_d##*/}.
CAPSTAN_WRAPPER=${quote(wrapperScript(files), 'wrapper')}; export CAPSTAN_WRAPPER
c_payload=${quote(payload(request, files), 'the command')}
c_fresh=1
c_say "$c_payload" </dev/null 5>&- 6>&- |
  $c_scope $c_session ${files.shell} -c 'eval "$CAPSTAN_WRAPPER"' capstan "$c_d" "$c_mark_of" "$c_session" ${limitOf(order)} ${order.maxOutput} \\
    "capstan-${place.run}-${roundName(place)}-\${c_d##*/}" "$c_method" "$c_user" "$c_logout" 7>&1 >/dev/null 5>&- 6>&- |
  {
    c_ring=
    read -r c_ring c_rung
    c_look
    [ "$c_ring" != end ] || c_state=ended c_code=\${c_rung%% *} c_took=\${c_rung##* }
    case $c_ring,$c_state in
      full,*) c_fault directory 'No space left on device' ;;
      ,none | ,starting) sleep 1; c_look ;;
      ,*) c_fresh=0 ;;
    esac
    ${answer}
    [ "$c_ring" != late ] || kill -s KILL $$
  }
`;
  return `{
${opening(mark)}${lookLibrary(files)}c_fault() {
  echo "$c_mark state=fault execution=\${c_d##*/} why=$1 text=$(echo "$2" | tr '\\n' ' ')" >&5
  echo "$c_mark" >&6
  exit 0
}
${SAFE}${baseAssignment(place.remoteDir)}c_run=$c_base/${place.run}
c_round=$c_run/${roundName(place)} c_d=
c_safe || c_fault directory "$c_unsafe"
c_newest=0
for c_x in "$c_round"/*; do
  case \${c_x##*/} in *[!0-9]*) continue ;; esac
  [ -e "$c_x/seen" ] || [ "\${c_x##*/}" -le "$c_newest" ] || c_newest=\${c_x##*/}
done
[ "$c_newest" -gt 0 ] || c_newest=${order.execution}
c_d=$c_round/$c_newest
c_look
if [ $c_state != none ] || ${order.attachOnly ? 'true' : 'false'}; then
  ${answer}
else
${begin}fi
exit 0
}
`;
}

/** A host's own limit, in hundredths of a second; 0: none. */
export const limitOf = ({ timeoutMs }: Pick<RemoteOrder, 'timeoutMs'>): number => (timeoutMs === 0 ? 0 : Math.ceil(timeoutMs / 10));
