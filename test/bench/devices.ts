import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openDevice } from '#activities/transports/device/device.ts';
import { DRIVERS } from '#activities/transports/device/drivers.ts';
import { SshPool } from '#activities/transports/ssh/pool.ts';
import type { SshRoute } from '#activities/transports/ssh/target.ts';
import { checkSettings, readSettings } from '#platform/config.ts';
import { type Frr, frrMissing, startFrr } from '../peers/frr.ts';
import { pairedRatio, spread } from './measure.ts';
import type { Finding } from './result.ts';

const CONNECTIONS = 10;
const COMMANDS = Array.from(
  { length: 20 },
  (_, n) => ['show version', 'show bgp summary', 'show running-config', 'show ip bgp neighbors'][n % 4] ?? '',
);
const SCRAPLI = fileURLToPath(new URL('scrapli_shows.py', import.meta.url));

/** One arm, once: opening the connections, then all commands on all of them. */
interface Took {
  readonly open_ms: number;
  readonly shows_ms: number;
  readonly characters: number;
}

/** Twenty commands on each of ten connections to FRRouting's vtysh, against scrapli's asynchronous driver in a process of its own; nothing where either is missing. */
export async function measureDevices(rounds: number): Promise<readonly Finding[]> {
  const missing = frrMissing ?? scrapliMissing();
  if (missing !== null) {
    console.log(`devices: skipped, ${missing}`);
    return [];
  }
  const frr = await startFrr({ pager: '/bin/cat' });
  const directory = mkdtempSync(join(tmpdir(), 'capstan-bench-'));
  const keyFile = join(directory, 'key');
  writeFileSync(keyFile, frr.vtysh.privateKey, { mode: 0o600 });
  try {
    const arms = { capstan: () => capstan(frr), scrapli: () => scrapli(frr, keyFile) };
    const taken: { readonly [arm in keyof typeof arms]: Took[] } = { capstan: [], scrapli: [] };
    for (let round = -1; round < rounds; round += 1) {
      const order = round % 2 === 0 ? (['capstan', 'scrapli'] as const) : (['scrapli', 'capstan'] as const);
      for (const arm of order) {
        const took = await arms[arm]();
        if (round >= 0) taken[arm].push(took);
      }
    }
    const each = (arm: keyof typeof arms, what: (took: Took) => number) => taken[arm].map(what);
    const finding = (what: string, of: (took: Took) => number, goal: number | null): Finding => {
      const [ours, theirs] = [each('capstan', of), each('scrapli', of)];
      const times = pairedRatio(theirs, ours);
      return {
        what,
        unit: 'ms',
        capstan: spread(ours),
        against: { name: 'scrapli async', ...spread(theirs) },
        verdict: `${times} × as fast`,
        goal: goal === null ? null : { words: `≥ ${goal} × scrapli async`, met: times >= goal },
      };
    };
    return [
      finding(`${COMMANDS.length} commands on each of ${CONNECTIONS} connections`, ({ shows_ms }) => shows_ms, 2),
      finding(`opening ${CONNECTIONS} connections up to the prompt`, ({ open_ms }) => open_ms, null),
    ];
  } finally {
    rmSync(directory, { recursive: true, force: true });
    await frr.stop();
  }
}

async function capstan({ vtysh }: Frr): Promise<Took> {
  const pool = new SshPool(checkSettings(readSettings(null, {})).ssh);
  const signal = AbortSignal.timeout(60_000);
  const began = performance.now();
  const devices = await Promise.all(
    Array.from({ length: CONNECTIONS }, async (_, n) => {
      const session = await pool.session(routeTo(vtysh, n), signal);
      const driver = DRIVERS.frr_vtysh;
      const login = {
        driver,
        target: 'edge1',
        user: vtysh.user,
        linePassword: null,
        enableSecret: null,
        questions: [],
        loginLimitMs: 20_000,
        signal,
      };
      const device = await openDevice(session, login);
      for (const command of driver.open) await device.run(command, { limitMs: 10_000 });
      return device;
    }),
  );
  const opened = performance.now();
  const characters = await Promise.all(
    devices.map(async (device) => {
      let sum = 0;
      for (const command of COMMANDS) sum += (await device.run(command, { limitMs: 10_000 })).output.length;
      return sum;
    }),
  );
  const done = performance.now();
  await Promise.all(devices.map((device) => device.close()));
  pool.close();
  return { open_ms: opened - began, shows_ms: done - opened, characters: characters.reduce((sum, one) => sum + one, 0) };
}

/** Each credential has its own connection. */
const routeTo = ({ host, port, user, hostKeys, privateKey }: Frr['vtysh'], n: number): SshRoute => ({
  target: {
    project: 'bench',
    name: 'edge1',
    host,
    port,
    user,
    hostKeys,
    hostKeyPolicy: 'strict',
    legacyAlgorithms: false,
    connectTimeoutMs: null,
  },
  credential: { kind: 'ssh_key', version: `bench-${n}@1`, privateKey, passphrase: null },
  pinHostKey: async () => hostKeys,
  jump: null,
});

function scrapli({ vtysh }: Frr, keyFile: string): Promise<Took> {
  const child = spawn('python3', [SCRAPLI], { stdio: ['pipe', 'pipe', 'inherit'] });
  const asked = { host: vtysh.host, port: vtysh.port, user: vtysh.user, key_file: keyFile, connections: CONNECTIONS, commands: COMMANDS };
  child.stdin.end(JSON.stringify(asked));
  let said = '';
  child.stdout.on('data', (bytes: Buffer) => {
    said += bytes.toString();
  });
  return new Promise((resolve, reject) => {
    child.once('close', (code) => (code === 0 ? resolve(JSON.parse(said) as Took) : reject(new Error(`scrapli ended with ${code}`))));
  });
}

function scrapliMissing(): string | null {
  try {
    execFileSync('python3', ['-c', 'import scrapli, asyncssh'], { stdio: 'ignore' });
    return null;
  } catch {
    return 'no scrapli with asyncssh for python3 on this machine (pip install scrapli asyncssh)';
  }
}
