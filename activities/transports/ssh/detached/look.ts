import type { HostFiles } from './place.ts';
import { quote } from './quote.ts';

/** `c_say text`: the text as it is, by a builtin. mksh has no `printf` of its own, and another program would show the text in its argument list. */
export const SAY = `c_say() { case $KSH_VERSION in ?*) print -rn -- "$1" ;; *) printf %s "$1" ;; esac; }
`;

/** Those of the functions below that a command's own script needs: `c_say` and `c_stat`. */
export const statLibrary = (files: HostFiles): string => `c_proc=${quote(files.proc, 'proc')}
${SAY}c_stat() {
  if [ -r "$c_proc/self/stat" ]; then
    read -r c_x <"$c_proc/$1/stat" || return 1
    set -- \${c_x##*) }
    c_born=\${20} c_pgrp=$3
  else
    set -- $(ps -o stat= -o pgid= -o lstart= -p "$1")
    c_born=$3_$4_$5_$6_$7 c_pgrp=$2
  fi
  case $1 in '' | Z* | X*) return 1 ;; esac
}
`;

/**
 * Shell functions that look at an execution's directory `$c_d`. They start no process unless they say so: a look is taken at every command.
 *
 * - `c_now`: sets `c_up`, hundredths of a second on a clock that no one sets.
 * - `c_stat pid`: sets `c_born` and `c_pgrp`; false for a process that is gone or a zombie.
 * - `c_look`: sets `c_state` (none, starting, running, ended, cancelled, lost), `c_code`, `c_took`, `c_age`, `c_why`, `c_pid`.
 * - `c_sizes`: sets `c_out`, `c_err`; false when it cannot tell, which must not pass for no output. Starts `ls`, since `wc` of busybox reads the whole file.
 * - `c_answer out err most`: the answer to whoever asks, see `answer.ts`. Starts `ls`, and `dd` for each stream that has more.
 */
export const lookLibrary = (files: HostFiles): string => `${statLibrary(files)}c_boot_file=${quote(files.bootId, 'bootId')}
c_now() {
  if read -r c_up c_x <"$c_proc/uptime"; then c_up=\${c_up%.*}\${c_up#*.}; else c_up=$(date +%s)00; fi
}
c_is() { [ -n "$1" ] && c_stat "$1" && [ "$c_born" = "$2" ]; }
c_booted() { read -r c_boot <"$c_boot_file" || c_boot=$(sysctl -n kern.boottime | tr -c '0-9\\n' -); [ -n "$c_boot" ] || c_boot=-; }
c_ended() { c_code= c_took=; read -r c_code c_took c_x <"$c_d/rc"; [ -n "$c_took" ]; }
c_look() {
  c_code= c_took= c_age= c_why= c_pid= c_wrapper= c_how=
  if [ ! -e "$c_d/claim" ]; then c_state=none; return; fi
  if ! read -r c_wrapper c_wrapper_born c_wrapper_boot c_since c_how c_logout <"$c_d/claim"; then c_state=starting; return; fi
  if [ "$c_wrapper" = cancelled ]; then c_state=cancelled; return; fi
  c_booted
  c_now
  [ "$c_boot" = "$c_wrapper_boot" ] && c_age=$((c_up - c_since))
  read -r c_pid c_pid_born <"$c_d/pid" || c_pid=
  if c_ended; then c_state=ended
  elif [ "$c_boot" != "$c_wrapper_boot" ]; then c_state=lost c_why=reboot
  elif c_is "$c_pid" "$c_pid_born" || c_is "$c_wrapper" "$c_wrapper_born"; then c_state=running
  elif c_ended; then c_state=ended
  else c_state=lost c_why=vanished
  fi
}
c_sizes() {
  if [ ! -s "$c_d/out" ] && [ ! -s "$c_d/err" ]; then c_out=0 c_err=0; return; fi
  set -- $(cd "$c_d" && LC_ALL=C ls -ln err out)
  [ $# -ne 9 ] || [ -e "$c_d/err" ] || set -- 0 0 0 0 0 0 0 0 0 "$@"
  c_err=\${5:-0} c_out=\${14:-0}
  [ $# -ge 9 ] || { [ ! -s "$c_d/out" ] && [ ! -s "$c_d/err" ]; }
}
c_nap() { sleep "$1" || sleep 1; }
c_piece() { dd "if=$1" bs=4096 skip="$(($2 / 4096))" count="$((($3 + $2 % 4096 + 4095) / 4096))"; }
c_answer() {
  c_sizes || return
  c_verdict= c_commands=
  [ ! -e "$c_d/verdict" ] || read -r c_verdict <"$c_d/verdict" || c_verdict=timeout
  c_more_out=$((c_out - $1)) c_more_err=$((c_err - $2))
  [ "$c_more_out" -ge 0 ] || c_more_out=0
  [ "$c_more_err" -ge 0 ] || c_more_err=0
  [ "$c_more_out" -le "$3" ] || c_more_out=$3
  [ "$c_more_err" -le "$3" ] || c_more_err=$3
  if [ -e "$c_d/commands" ]; then
    while read -r c_x; do echo "$c_mark command $c_x" >&5; done <"$c_d/commands"
  fi
  echo "$c_mark state=$c_state execution=\${c_d##*/} fresh=$c_fresh code=$c_code took=$c_took age=$c_age why=$c_why verdict=$c_verdict\\
 how=$c_how logout=$c_logout out_size=$c_out err_size=$c_err out=$c_more_out err=$c_more_err" >&5
  echo "$c_mark" >&6
  [ "$c_more_out" -eq 0 ] || c_piece "$c_d/out" "$1" "$c_more_out" >&5
  [ "$c_more_err" -eq 0 ] || c_piece "$c_d/err" "$2" "$c_more_err" >&6
}
`;

/** What the host says first of all, by which it is known that our script runs there. */
export const began = (mark: string): string => `${mark}:`;

/** What every script of ours begins with: the channel's output kept on 5 and 6, and silence on 2. `mark` is what its lines are known by among a login shell's noise. */
export const opening = (mark: string): string => `exec 5>&1 6>&2 1>/dev/null 2>/dev/null
c_mark=${quote(mark, 'mark')}
c_fresh=0 c_logout=
echo ${quote(began(mark), 'mark')} >&5
`;
