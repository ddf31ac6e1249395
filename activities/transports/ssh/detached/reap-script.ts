import { END_LIBRARY } from './end-library.ts';
import { lookLibrary, opening } from './look.ts';
import { baseAssignment, encodedKey, type HostFiles, SAFE, type StepPlace } from './place.ts';

/** Which executions are to be ended: all of a step, or one of one round. */
export interface Ended {
  readonly place: StepPlace;
  /** `<round>/<execution>`; null: all. */
  readonly only: string | null;
  readonly graceMs: number;
  /** Removes the step's directory too once nothing lives, and those of runs that were left behind more than seven days ago. */
  readonly forget: boolean;
}

/**
 * What `/bin/sh -s` reads to end what a step has on its host, and to say how.
 * One that was asked for may still be on its way there: its directory is made, so that its claim can be taken.
 * An execution that ended by itself is left alone: what it started on purpose (a daemon) may live on. One that has not begun never will.
 * Answers in lines after the mark: `tier`, `signals`, `pids`, `left <pid> <owner>`, and at last `done`.
 */
export const reapScript = ({ place, only, graceMs, forget }: Ended, mark: string, files: HostFiles): string => {
  const rounds = only === null ? '*/*' : only;
  return `{
${opening(mark)}${lookLibrary(files)}${END_LIBRARY}${SAFE}${baseAssignment(place.remoteDir)}c_run=$c_base/${place.run}
c_safe || { echo "$c_mark done" >&5; exit 0; }
c_key=${encodedKey(place.key)}
c_roots= c_marks= c_groups= c_method= c_user= c_whole=1
${
  only === null
    ? ''
    : `[ -d "$c_run/$c_key.${only}" ] || ( umask 077; mkdir -p "$c_run/$c_key.${only}" )
`
}for c_d in "$c_run/$c_key".${rounds}; do
  [ -d "$c_d" ] || continue
  { :; } >"$c_d/stop"
  set -C
  echo 'cancelled' >"$c_d/claim"
  set +C
  c_look
  case $c_state in none | cancelled) continue ;; ended) [ -e "$c_d/verdict" ] || [ -e "$c_d/ending" ] || continue ;; lost) [ "$c_why" != reboot ] || continue ;; esac
  { :; } >"$c_d/ending"
  c_x=\${c_d#"$c_base/"}
  c_marks="$c_marks -e CAPSTAN_MARK=$c_x."
  if c_is "$c_pid" "$c_pid_born"; then c_roots="$c_roots $c_pid:$c_born"; fi
  [ "$c_how" != group ] || c_whole=
  read -r c_x <"$c_d/cgroup" && [ -e "$c_x/cgroup.procs" ] && c_groups="$c_groups $c_x"
  read -r c_method c_user <"$c_d/become" || c_method=
done
c_tier= c_signals= c_pids= c_left=
[ -z "$c_marks" ] || c_end ${Math.max(1, Math.ceil(graceMs / 100))}
if [ -z "\${c_left# }" ]; then
  for c_d in "$c_run/$c_key".${rounds}; do [ ! -d "$c_d" ] || { :; } >"$c_d/seen"; done
${forget ? FORGET : ''}fi
echo "$c_mark tier $c_tier" >&5
echo "$c_mark signals $c_signals" >&5
echo "$c_mark pids" $c_pids >&5
for c_x in $c_left; do
  set -- $(ls -ld "$c_proc/$c_x")
  echo "$c_mark left $c_x \${3:-unknown}" >&5
done
echo "$c_mark done" >&5
exit 0
}
`;
};

/** Only what is named like a run, holds executions, and in which nothing is younger than seven days: the target's directory may hold other things, and a long command may just have ended. */
const FORGET = `  for c_x in $c_groups; do rmdir "$c_x"; done
  rm -rf -- "$c_run/$c_key".*
  rmdir "$c_run"
  for c_old in $(find "$c_base/." -mindepth 1 -maxdepth 1 -type d -mtime +7 -name '????????-????-7???-[89ab]???-????????????' | tr ' ' '?'); do
    c_old=$c_base/\${c_old##*/} c_kind=
    for c_d in "$c_old"/*.*/*; do
      [ -e "$c_d/claim" ] || continue
      c_look
      [ "$c_state" != running ] || c_kind=living
      [ -n "$c_kind" ] || c_kind=dead
    done
    [ "$c_kind" = dead ] && [ -z "$(find "$c_old" ! -mtime +7)" ] && rm -rf -- "$c_old"
  done
`;
