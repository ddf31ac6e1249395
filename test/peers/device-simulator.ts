import { createHash } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import ssh2, { type Connection, type ServerChannel } from 'ssh2';
import { ssh2KeyPair } from './host-keys.ts';
import type { SshPeer } from './sshd.ts';

/** What one session with a simulated device is about: given its terminal, it answers lines and keys. */
export type DeviceScript = (terminal: SimulatedTerminal) => Listener;

export interface Listener {
  /** A line that was ended by Return. */
  line(text: string): void;
  /** A key before it is part of a line; true when it was meant as a key. */
  key?(key: string): boolean;
  /** Ctrl-C. */
  interrupt?(): void;
}

/** The device's side of a terminal. */
export interface SimulatedTerminal {
  /** What the client asked for. */
  readonly columns: number;
  readonly rows: number;
  /** Whether typed keys are written back; passwords are not. */
  echo: boolean;
  /** Milliseconds between any two bytes. */
  slowness: number;
  write(text: string): void;
  /** The device ends the session. */
  close(): void;
  /** The network ends the connection. */
  drop(): void;
}

/** A simulated device behind a real SSH server, for what no real one here can do. */
export interface SimulatedDevice extends SshPeer {
  readonly password: string;
  /** Every line that was typed, passwords too. */
  readonly typed: readonly string[];
  /** Sessions that are open now. */
  readonly open: number;
  /** What the next sessions do. */
  script: DeviceScript;
}

/** Starts one on a loopback port of its own. */
export async function startDevice(script: DeviceScript): Promise<SimulatedDevice> {
  const [hostKey, userKey] = [ssh2KeyPair(), ssh2KeyPair()];
  const [type = '', key = ''] = hostKey.public.split(' ');
  const fingerprint = `SHA256:${createHash('sha256').update(Buffer.from(key, 'base64')).digest('base64').replace(/=+$/, '')}`;
  const connections = new Set<Connection>();
  const typed: string[] = [];
  const device = { script, open: 0 };

  const server = new ssh2.Server({ hostKeys: [hostKey.private] }, (connection) => {
    connections.add(connection);
    connection.on('error', () => undefined);
    connection.once('close', () => connections.delete(connection));
    connection.on('authentication', (context) => context.accept());
    connection.on('session', (accept) => {
      const session = accept();
      let size = { columns: 80, rows: 24 };
      session.on('pty', (acceptPty, _reject, { cols, rows }) => {
        size = { columns: cols, rows };
        acceptPty?.();
      });
      session.on('shell', (acceptShell) => {
        const channel = acceptShell();
        device.open += 1;
        channel.once('close', () => {
          device.open -= 1;
        });
        speak(channel, connection, size, device.script, typed);
      });
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');

  return {
    host: '127.0.0.1',
    port: (server.address() as AddressInfo).port,
    user: 'ops',
    privateKey: userKey.private,
    password: 'sim-login-Pw7',
    hostKeys: [{ type, key, fingerprint }],
    directory: '',
    log: () => typed.join('\n'),
    typed,
    get open() {
      return device.open;
    },
    get script() {
      return device.script;
    },
    set script(next) {
      device.script = next;
    },
    stop: async () => {
      for (const connection of connections) connection.end();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function speak(
  channel: ServerChannel,
  connection: Connection,
  size: { readonly columns: number; readonly rows: number },
  script: DeviceScript,
  typed: string[],
): void {
  let line = '';
  let last = Promise.resolve();
  const terminal: SimulatedTerminal = {
    ...size,
    echo: true,
    slowness: 0,
    write: (text) => {
      last = last.then(() => writeSlowly(channel, text, terminal.slowness));
    },
    close: () => {
      last = last.then(() => {
        channel.exit(0);
        channel.end();
      });
    },
    drop: () => {
      last = last.then(() => {
        connection.end();
      });
    },
  };
  const listener = script(terminal);
  channel.on('error', () => undefined);
  channel.on('data', (bytes: Buffer) => {
    for (const key of bytes.toString('utf8')) {
      if (key === '\x03' && listener.interrupt) {
        line = '';
        listener.interrupt();
      } else if (listener.key?.(key)) line = '';
      else if (key === '\n' || key === '\r') {
        const whole = line;
        line = '';
        typed.push(whole);
        terminal.write('\r\n');
        listener.line(whole);
      } else {
        line += key;
        if (terminal.echo) terminal.write(key);
      }
    }
  });
}

async function writeSlowly(channel: ServerChannel, text: string, slowness: number): Promise<void> {
  if (!channel.writable) return;
  if (slowness === 0) channel.write(text);
  else {
    for (const key of text) {
      channel.write(key);
      await new Promise((resolve) => setTimeout(resolve, slowness));
    }
  }
}
