import { END_LIBRARY } from './end-library.ts';
import { lookLibrary } from './look.ts';
import type { HostFiles } from './place.ts';

/**
 * What stands between the host and a command: runs in a session of its own, takes the claim, starts the script in another session and writes down how it ended.
 * Its arguments: directory, marker, what gives a session, hundredths of a second until the command's time is over (0: never), most bytes of output, cgroup name,
 * how to become which other user, and what a logout does.
 *
 * - `claim` is created exclusively (`set -C`), which is as certain as `mkdir` and costs no process: whoever creates it runs the command, all others leave.
 * - The script is started in the foreground: a shell's background commands ignore INT and QUIT for ever. It writes its own pid.
 * - `rc` comes by rename. Its block is reserved at the start and written in place, so that a disk that fills up meanwhile cannot swallow the end.
 * - 7 is the pipe to the exchange that started it, where it says `end` or, from the watch, `late`.
 * - TERM is caught only once the watch stands, so that it can never take the trap with it and outlive its wrapper.
 * - `limit` comes by rename, when the time of a command under way is changed.
 * - The watch enforces time and output also when nobody returns. It looks more rarely the longer it is quiet, since a thousand may wait on one host.
 */
export const wrapperScript = (files: HostFiles): string => `unset CAPSTAN_WRAPPER
trap : HUP PIPE
${lookLibrary(files)}${END_LIBRARY}
c_d=$1 c_mark=$2 c_session=$3 c_limit=$4 c_most=$5 c_name=$6 c_method=$7 c_user=$8 c_logout=$9
c_how=\${c_session%% *}
c_stat "$$"
c_alone=
[ "$c_pgrp" != "$$" ] || c_alone=1
c_booted
c_now
c_since=$c_up
c_mine=
set -C
{ c_mine=1; echo "$$ $c_born $c_boot $c_up \${c_how:-group} $c_logout" && c_mine=2; } >"$c_d/claim"
set +C
[ -n "$c_mine" ] || exit
if [ "$c_mine" = 1 ] || ! echo '                                ' >"$c_d/rc.new" || ! true >"$c_d/out" || ! true >"$c_d/err"; then
  rm -f "$c_d/rc.new" "$c_d/out" "$c_d/err" "$c_d/claim"
  echo full >&7
  exit
fi
[ -z "$c_method" ] || echo "$c_method $c_user" >"$c_d/become"
c_cgroup() {
  c_group=
  while IFS=: read -r c_x c_names c_path; do
    case $c_path in *..*) continue ;; esac
    case $c_names in
      '') if [ -e "$1/cgroup.controllers" ]; then c_x=$1; else c_x=$1/unified; fi ;;
      pids | freezer) [ -z "$c_group" ] || continue; c_x=$1/$c_names ;;
      *) continue ;;
    esac
    c_x=\${c_x}\${c_path%/}
    if [ -w "$c_x/cgroup.procs" ] && mkdir "$c_x/$c_name"; then
      [ -z "$c_group" ] || rmdir "$c_group"
      c_group=$c_x/$c_name
    fi
  done <"$c_proc/self/cgroup"
  [ -z "$c_group" ] || echo "$c_group" >"$c_d/cgroup"
}
c_cgroup '${files.cgroups}'
c_over() {
  c_mine=
  set -C
  { c_mine=1; echo "$1"; } >"$c_d/verdict"
  set +C
  [ -n "$c_mine" ] || exit
  c_roots= c_whole=1 c_groups=$c_group c_marks="-e CAPSTAN_MARK=$c_mark"
  [ -n "$c_alone" ] || c_whole=
  read -r c_pid c_x <"$c_d/pid" && c_roots=$c_pid:$c_x
  c_end 20
  exit
}
c_watch() {
  trap : HUP PIPE
  c_nap 0.4
  ! c_ended || exit
  echo late >&7
  exec 7>&-
  c_tick=1 c_before=0
  while c_look; [ "$c_state" = running ]; do
    [ ! -e "$c_d/limit" ] || read -r c_limit <"$c_d/limit"
    c_left=$((c_since + c_limit - c_up))
    [ "$c_limit" -eq 0 ] || [ "$c_left" -gt 0 ] || c_over timeout
    c_sizes
    c_total=$((c_out + c_err))
    [ "$c_total" -le "$c_most" ] || c_over max_output
    if [ $(((c_total - c_before) / c_tick * 30)) -gt $((c_most - c_total)) ]; then c_tick=1; elif [ "$c_tick" -lt 15 ]; then c_tick=$((c_tick + 1)); fi
    c_before=$c_total
    [ "$c_limit" -eq 0 ] || [ $((c_tick * 100)) -le "$c_left" ] || c_tick=$((c_left / 100 + 1))
    sleep "$c_tick"
  done
}
c_watch &
c_watcher=$!
trap : TERM HUP PIPE
CAPSTAN_MARK=$c_mark $c_session ${files.shell} -s "$c_d" "$c_group" >"$c_d/out" 2>"$c_d/err" 7>&-
c_code=$?
exec 0</dev/null
[ ! -e "$c_d/verdict" ] || wait "$c_watcher"
c_now
c_took=$((c_up - c_since))
echo "$c_code $c_took " 1<>"$c_d/rc.new"
echo "end $c_code $c_took" >&7
exec 7>&-
if [ -n "$c_alone" ]; then kill -s TERM 0; else kill "$c_watcher"; fi
[ -z "$c_group" ] || rmdir "$c_group"
exec mv "$c_d/rc.new" "$c_d/rc"
`;
