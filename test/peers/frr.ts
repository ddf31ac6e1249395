import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './processes.ts';
import { type Sshd, sshdMissing, startSshd } from './sshd.ts';

const BGPD = '/usr/lib/frr/bgpd';
const NEEDED = [BGPD, '/usr/bin/vtysh', '/usr/bin/telnet', '/usr/bin/less'];

/** Why no FRRouting can run here, or null when it can; what a skipped test shows. */
export const frrMissing: string | null = sshdMissing ?? missingHere();

function missingHere(): string | null {
  const missing = NEEDED.find((file) => !existsSync(file));
  if (missing !== undefined) return `no ${missing} on this machine (Debian: frr, telnet, less)`;
  return process.getuid?.() === 0 ? null : 'FRRouting needs root to listen for its vtysh';
}

/** A real FRRouting daemon behind two SSH servers: one whose login shell is telnet to its vty, one whose login shell is vtysh. */
export interface Frr {
  /** Shows `User Access Verification`, then `edge1>`; pages by the size of the terminal. */
  readonly vty: Sshd;
  /** Shows `<host>#` at once; pages with less unless asked otherwise. */
  readonly vtysh: Sshd;
  readonly linePassword: string;
  readonly enableSecret: string;
  /** Passwords that `show running-config` prints, by neighbor address. */
  readonly neighborPasswords: ReadonlyMap<string, string>;
  readonly configFile: string;
  /** What another client sees: the vty's answer to some lines, given after login and enable. */
  ask(lines: readonly string[]): Promise<string>;
  stop(): Promise<void>;
}

const NEIGHBORS = 40;

/** Starts a bgpd of its own with a vty on a loopback port, without kernel routes and without zebra, and an sshd before each of its faces. */
export async function startFrr({ pager = '/usr/bin/less' }: { readonly pager?: string } = {}): Promise<Frr> {
  const directory = mkdtempSync(join(tmpdir(), 'capstan-frr-'));
  // vtysh runs as the plain user of the login.
  chmodSync(directory, 0o755);
  const [linePassword, enableSecret] = ['line-7Gq2', 'enable-9Zx4'];
  const neighborPasswords = new Map(Array.from({ length: NEIGHBORS }, (_, n) => [`10.1.0.${n + 1}`, `bgp-secret-${n + 1}-x`] as const));
  const configFile = join(directory, 'bgpd.conf');
  writeFileSync(join(directory, 'vtysh.conf'), '');
  writeFileSync(configFile, configOf(linePassword, enableSecret, neighborPasswords));

  const port = await freePort();
  const args = ['--no_kernel', '-Z', '-S', '-p', '0', '-l', '127.0.0.1', '-A', '127.0.0.1', '-P', String(port)];
  const bgpd = spawn(BGPD, [...args, '-f', configFile, '-i', join(directory, 'bgpd.pid'), '--vty_socket', directory], { stdio: 'ignore' });
  await listening(port, bgpd);
  chmodSync(join(directory, 'bgpd.vty'), 0o777);

  const [vty, vtysh] = await Promise.all([
    startSshd({ config: [`ForceCommand /usr/bin/telnet -E 127.0.0.1 ${port}`] }),
    startSshd({
      config: [
        `SetEnv VTYSH_PAGER=${pager}`,
        'MaxStartups 100',
        `ForceCommand /usr/bin/vtysh --vty_socket ${directory} --config_dir ${directory}`,
      ],
    }),
  ]);
  return {
    vty,
    vtysh,
    linePassword,
    enableSecret,
    neighborPasswords,
    configFile,
    ask: (lines) => askVty(port, [linePassword, 'enable', enableSecret, 'terminal length 0', ...lines, 'exit']),
    stop: async () => {
      await Promise.all([vty.stop(), vtysh.stop()]);
      const ended = new Promise((resolve) => bgpd.once('exit', resolve));
      bgpd.kill('SIGKILL');
      await ended;
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

const configOf = (password: string, secret: string, neighbors: ReadonlyMap<string, string>): string =>
  [
    'hostname edge1',
    `password ${password}`,
    `enable password ${secret}`,
    'router bgp 65001',
    ' bgp router-id 10.0.0.1',
    ' no bgp ebgp-requires-policy',
    ...[...neighbors].flatMap(([address, key], n) => [
      ` neighbor ${address} remote-as ${65_100 + n}`,
      ` neighbor ${address} password ${key}`,
      ` neighbor ${address} description peer number ${n + 1}`,
    ]),
    'line vty',
    '',
  ].join('\n');

async function listening(port: number, daemon: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    if (daemon.exitCode !== null) throw new Error(`bgpd ended with ${daemon.exitCode}`);
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => resolve(true)).once('error', () => resolve(false));
      socket.once('connect', () => socket.destroy());
    });
    if (open) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('bgpd opened no vty');
}

/** Speaks to the vty as a plain TCP client, each line after the prompt for it. */
function askVty(port: number, lines: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    const waiting = [...lines];
    let said = '';
    socket.on('data', (bytes) => {
      said += bytes.toString('latin1');
      if (!/(?:Password: |[>#] )$/.test(said)) return;
      const line = waiting.shift();
      if (line !== undefined) socket.write(`${line}\n`);
    });
    socket.once('close', () => resolve(said));
    socket.once('error', reject);
    socket.setTimeout(10_000, () => socket.destroy(new Error(`the vty fell silent after ${JSON.stringify(said.slice(-200))}`)));
  });
}
