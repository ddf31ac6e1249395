import type { HostFiles } from './place.ts';
import { quote } from './quote.ts';

/**
 * Sets how a command leaves the session of its channel: `c_session`, a command before the command, empty where the host offers none;
 * and, where a logout ends what users leave behind (`KillUserProcesses` of systemd), `c_scope`, which puts it under the user's lingering manager,
 * or `c_logout=kills` where that cannot be had.
 */
export const sessionChoice = (files: HostFiles): string => `if command -v setsid; then c_session=setsid
elif command -v perl; then c_session='perl -MPOSIX=setsid -e setsid;exec(@ARGV)'
elif command -v python3; then c_session='python3 -c o=__import__("os");o.setsid();a=__import__("sys").argv[1:];o.execvp(a[0],a)'
else c_session=
fi
c_scope= c_logout=keeps c_kills=
if [ -d ${quote(files.systemd, 'systemd')} ]; then
  for c_x in ${quote(files.logind, 'logind')} ${quote(files.logind, 'logind')}.d/*.conf; do
    [ ! -r "$c_x" ] || while read -r c_line; do
      case $c_line in
        KillUserProcesses=[yY1]* | KillUserProcesses=[tT]* | KillUserProcesses=on) c_kills=1 ;;
        KillUserProcesses=*) c_kills= ;;
      esac
    done <"$c_x"
  done
  if [ -n "$c_kills" ] && [ "$(id -u)" -ne 0 ]; then
    XDG_RUNTIME_DIR=\${XDG_RUNTIME_DIR:-/run/user/$(id -u)}; export XDG_RUNTIME_DIR
    if { [ -e "/var/lib/systemd/linger/$(id -un)" ] || loginctl enable-linger; } && systemd-run --user --scope --quiet true; then
      c_scope='systemd-run --user --scope --quiet --'
    else
      c_logout=kills
    fi
  fi
fi
`;
