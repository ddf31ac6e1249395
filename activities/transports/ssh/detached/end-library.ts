/**
 * Shell functions that end processes and prove it; they use those of `look.ts`.
 *
 * `c_end grace` (in tenths of a second) ends everything that belongs to the executions it was told of:
 * `c_roots` (`pid:born` of scripts known to live), `c_marks` (grep's patterns for the marker), `c_groups` (cgroup directories), `c_method` and `c_user` (how to reach another user's), `c_whole` (whole sessions are theirs).
 * One look is two `grep` and one `awk` over all processes. Each line of a `stat` comes with its file's name, since any user may give a process
 * a name with line breaks in it, made to look like another process. It takes scripts, what carries the marker, what sits in a cgroup, then again and again
 * children and whole sessions of those. Everything found is stopped until nothing new appears, since what runs can fork faster than we look.
 * A host without `awk` shows nothing: there the scripts' process groups are ended, and the tier says so (`group`).
 * While it waits, only those already found are looked at, which costs no process: a cancel is most needed on a host that has too much to do.
 * It leaves `c_tier`, `c_signals`, `c_pids` (everything signalled) and `c_left` (what lives on).
 */
export const END_LIBRARY = `c_as() {
  case $c_method in
    sudo) sudo -n -u "$c_user" -- "$@" ;;
    doas) doas -n -u "$c_user" "$@" ;;
    su) su -s /bin/sh -c 'exec "$0" "$@"' -- "$c_user" "$@" ;;
    *) "$@" ;;
  esac
}
c_table() {
  if [ -r "$c_proc/self/stat" ]; then LC_ALL=C grep -aH '' "$c_proc"/[0-9]*/stat
  else ps -A -o pid= -o stat= -o ppid= -o pgid= | awk '{ print $1, "(x)", substr($2, 1, 1), $3, $4, $4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, "-" }'
  fi
}
c_blind() {
  c_tier=group c_living= c_new=
  for c_r in $c_roots; do
    if c_is "\${c_r%%:*}" "\${c_r#*:}"; then c_living="$c_living \${c_r%%:*}"; fi
  done
  c_pids=$c_living
}
c_find() {
  c_x=$({
    echo "root $c_roots"
    echo "known $c_known"
    if [ -n "$c_marks" ]; then c_as grep -lF $c_marks "$c_proc"/[0-9]*/environ; fi
    for c_g in $c_groups; do cat "$c_g/cgroup.procs"; done
    echo table
    c_table
  } | awk -v self="$$" -v whole="$c_whole" '
    $0 == "table" { table = 1; next }
    !table && ($1 == "root" || $1 == "known") { for (i = 2; i <= NF; i++) { split($i, a, ":"); want[a[1]] = a[2]; if ($1 == "known") old[$i] = 1 }; next }
    !table { n = split($0, a, "/"); hit[n > 1 ? a[n - 1] : $1] = 1; next }
    { pid = $1; if ((i = index($0, "/stat:")) > 0) { pid = substr($0, 1, i - 1); sub(/^.*\\//, "", pid); $0 = substr($0, i + 6) } }
    { sub(/^.*\\) /, ""); if (NF < 20 || $1 == "Z" || $1 == "X") next; parent[pid] = $2; session[pid] = $4; born[pid] = $20 }
    END {
      for (p = self; p in parent && !(p in ours); p = parent[p]) { ours[p] = 1; own[session[p]] = 1 }
      for (p in parent) if (!(p in ours) && (p in hit || (p in want && (want[p] == born[p] || born[p] == "-")))) found[p] = 1
      do {
        more = 0
        for (p in found) if (whole && session[p] != 0 && !(session[p] in own)) taken[session[p]] = 1
        for (p in parent) if (!(p in found) && !(p in ours) && (parent[p] in found || session[p] in taken)) { found[p] = 1; more = 1 }
      } while (more)
      for (p in found) { t = p ":" born[p]; living = living " " p; if (!(t in old)) { fresh = fresh " " p; tokens = tokens " " t } }
      print living "," fresh "," tokens
    }')
  case $c_x in *,*) ;; *) c_blind; return ;; esac
  c_living=\${c_x%%,*}
  c_x=\${c_x#*,}
  c_new=\${c_x%%,*}
  c_known="$c_known \${c_x#*,}"
  c_pids="$c_pids $c_new"
}
c_signal() {
  c_sig=$1
  shift
  if [ "$c_tier" = group ]; then
    for c_r in "$@"; do kill -s "$c_sig" -- "-$c_r" || kill -s "$c_sig" "$c_r"; done
    return
  fi
  kill -s "$c_sig" "$@"
  if [ -n "$c_method" ]; then c_as kill -s "$c_sig" "$@"; fi
}
c_freeze() {
  c_rounds=0
  while c_find; [ -n "\${c_new# }" ] && [ "$c_rounds" -lt 50 ]; do
    c_signal STOP $c_new
    c_rounds=$((c_rounds + 1))
  done
}
c_some() {
  for c_p in $c_living; do
    if c_stat "$c_p"; then return; fi
  done
  return 1
}
c_await() {
  c_now
  c_until=$((c_up + $1 * 10))
  while :; do
    c_now
    [ "$c_up" -lt "$c_until" ] || break
    if c_some; then c_nap 0.1; continue; fi
    c_find
    [ -n "\${c_living# }" ] || return
  done
  c_find
}
c_end() {
  c_known= c_pids= c_signals= c_left= c_tier=ps
  [ -r "$c_proc/self/environ" ] && c_tier=marker
  [ -z "$c_groups" ] || c_tier=cgroup
  c_freeze
  [ -n "\${c_living# }" ] || return
  c_signals=TERM
  c_signal TERM $c_living
  c_signal CONT $c_living
  c_await "$1"
  c_tries=3
  while [ -n "\${c_living# }" ] && [ "$c_tries" -gt 0 ]; do
    c_signals='TERM KILL'
    c_new=$c_living
    c_signal STOP $c_living
    c_freeze
    c_signal KILL $c_living
    for c_g in $c_groups; do [ ! -e "$c_g/cgroup.kill" ] || echo 1 >"$c_g/cgroup.kill"; done
    c_await 7
    c_tries=$((c_tries - 1))
  done
  c_left=$c_living
}
`;
