"""An SSH server with exec, shell, terminal and SFTP on AsyncSSH, for one login; its settings come as JSON on standard input."""

import asyncio
import ctypes
import fcntl
import json
import os
import pty
import signal
import struct
import subprocess
import sys
import termios
import warnings

warnings.filterwarnings("ignore")
import asyncssh  # noqa: E402

settings = json.loads(sys.stdin.readline())


class Server(asyncssh.SSHServer):
    def begin_auth(self, username):
        return True

    def password_auth_supported(self):
        return True

    def validate_password(self, username, password):
        return username == settings["user"] and password == settings["password"]

    def public_key_auth_supported(self):
        return True

    def validate_public_key(self, username, key):
        offered = key.export_public_key("openssh").decode().split()[:2]
        return username == settings["user"] and offered == settings["authorized"].split()[:2]


def environment(process):
    peer = process.get_extra_info("peername")
    home = {"HOME": settings["home"], "USER": settings["user"], "LOGNAME": settings["user"], "SHELL": "/bin/sh", "PATH": os.defpath}
    return {**home, "SSH_CONNECTION": f"{peer[0]} {peer[1]} 127.0.0.1 {settings['port']}"}


async def carry(read, write):
    while True:
        try:
            data = await read(65536)
        except (asyncssh.TerminalSizeChanged, asyncssh.BreakReceived, asyncssh.SignalReceived):
            continue
        except (OSError, asyncssh.Error):
            return
        if not data:
            return
        try:
            await write(data)
        except (OSError, asyncssh.Error):
            return


def to_writer(writer):
    async def write(data):
        writer.write(data)
        await writer.drain()

    return write


async def over_pipes(process, command, options):
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    child = await asyncio.create_subprocess_exec(*command, **pipes, **options)

    async def feed():
        await carry(process.stdin.read, to_writer(child.stdin))
        child.stdin.close()

    feeding = asyncio.ensure_future(feed())
    output = asyncio.gather(
        carry(child.stdout.read, to_writer(process.stdout)),
        carry(child.stderr.read, to_writer(process.stderr)),
    )
    # As OpenSSH does, the end is told although something left behind still holds the output; `wait` would wait for that.
    while child.returncode is None:
        await asyncio.sleep(0.01)
    await asyncio.wait([output], timeout=1)
    feeding.cancel()
    return child.returncode


async def over_terminal(process, command, options):
    loop = asyncio.get_event_loop()
    master, slave = pty.openpty()
    columns, rows = process.term_size[:2]
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def take_terminal():
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)

    child = await asyncio.create_subprocess_exec(
        *command, stdin=slave, stdout=slave, stderr=slave, preexec_fn=take_terminal, **options
    )
    os.close(slave)
    reader = asyncio.StreamReader()
    transport, _ = await loop.connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(os.dup(master), "rb", 0)
    )

    async def write(data):
        await loop.run_in_executor(None, os.write, master, data)

    async def feed():
        await carry(process.stdin.read, write)
        # The client has left: whoever holds the terminal is told.
        child.send_signal(signal.SIGHUP)

    feeding = asyncio.ensure_future(feed())
    await carry(reader.read, to_writer(process.stdout))
    code = await child.wait()
    feeding.cancel()
    transport.close()
    os.close(master)
    return code


async def serve(process):
    command = ["/bin/sh", "-c", process.command] if process.command else ["/bin/sh", "-i" if process.term_type else "-s"]
    options = {"env": environment(process), "cwd": settings["home"], "start_new_session": True}
    if process.term_type:
        options["env"]["TERM"] = process.term_type
        code = await over_terminal(process, command, options)
    else:
        code = await over_pipes(process, command, options)
    if code < 0:
        process.exit_with_signal(signal.Signals(-code).name[3:])
    else:
        process.exit(code)


async def main():
    await asyncssh.listen(
        "127.0.0.1",
        settings["port"],
        server_factory=Server,
        server_host_keys=[asyncssh.import_private_key(key) for key in settings["host_keys"]],
        process_factory=serve,
        sftp_factory=True,
        encoding=None,
        line_editor=False,
    )
    print("listening", file=sys.stderr, flush=True)
    await asyncio.Event().wait()


if os.getuid() == 0:
    os.setgroups([])
    os.setgid(settings["gid"])
    os.setuid(settings["uid"])
    # Another user no longer ends with who started it, unless it says so again (PR_SET_PDEATHSIG).
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)
asyncio.run(main())
