#!/bin/sh
# Runs a program that knows nothing of us and ends it when our starter is gone: the starter holds the other end of standard input.
# A shell, because a Node process would cost 45 MB for this. The program's id goes to descriptor 3.
ending=$1
shift
exec 4<&0
"$@" </dev/null 3>&- 4<&- &
program=$!
echo "$program" >&3
exec 3>&-
trap 'kill -TERM "$program" 2>/dev/null' TERM
trap '' INT HUP

(
  trap - TERM
  read -r _ <&4
  kill -"$ending" "$program" 2>/dev/null
  for _ in 1 2 3 4 5 6 7 8 9 10; do
    sleep 0.5
    kill -0 "$program" 2>/dev/null || exit
  done
  kill -KILL "$program" 2>/dev/null
) >/dev/null 2>&1 &
watcher=$!
exec 4<&-

wait "$program" 2>/dev/null
code=$?
while kill -0 "$program" 2>/dev/null; do
  wait "$program" 2>/dev/null
  code=$?
done
kill "$watcher" 2>/dev/null
exit "$code"
