import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { migrate } from '#db/migrate.ts';
import type { Config, Settings } from '../config.ts';
import { LEAN_ENVIRONMENT, LEAN_NODE } from '../lean-node.ts';
import { answersAs } from './answers-as.ts';
import { freePort, onFreePort, portIsFree } from './free-port.ts';
import { buildPage } from './page-build.ts';
import { startPostgres } from './postgres.ts';
import { strandedData } from './postgres-place.ts';
import { findSshd, type LocalSshd, startSshd } from './sshd.ts';
import { type Ports, readPorts, writePorts } from './state.ts';
import { type Supervised, supervise } from './supervise.ts';
import { startTemporal } from './temporal.ts';
import { provideTemporal } from './temporal-binary.ts';
import { buildWorkflows } from './workflow-build.ts';

export interface StackPlan {
  /** The repository. */
  readonly root: string;
  /** The folder of all local state. */
  readonly folder: string;
  readonly settings: Settings;
  readonly config: Config;
  readonly onCrash: (name: string, how: string) => void;
  readonly say: (line: string) => void;
}

/** The servers under the product, before worker and API. */
export interface Foundations {
  readonly databaseUrl: string;
  readonly temporalAddress: string;
  readonly temporalUi: string | null;
  readonly sshd: LocalSshd | null;
}

const PATIENCE_MS = 1_000;

/** Processes in the order they were started; stopped in the opposite one. */
export class Running {
  readonly #starts: Promise<Supervised>[] = [];

  /** Remembers a start under way, so that stopping ends what it started. */
  add<S extends Supervised>(start: Promise<S>): Promise<S> {
    this.#starts.push(start);
    return start;
  }

  /** Ends everything, the newest first. What is still starting is left to notice that its starter is gone. */
  async stop(): Promise<void> {
    for (const start of this.#starts.toReversed()) {
      const process = await Promise.race([start.catch(() => null), sleep(PATIENCE_MS, null)]);
      await process?.stop();
    }
  }
}

/** Starts what the settings do not name an own server for: Postgres, Temporal and, where installed, the sample's sshd; migrates, builds the page and bundles the workflows, all side by side. */
export async function startFoundations(plan: StackPlan, running: Running): Promise<Foundations> {
  const { folder, config, settings, say } = plan;
  const logDir = join(folder, 'log');
  const ports = readPorts(folder);
  const crash = (name: string) => (how: string) => plan.onCrash(name, how);
  const own = { postgres: !settings.origins.has('database.url'), temporal: !settings.origins.has('temporal.address') };
  mkdirSync(logDir, { recursive: true });

  const database = async () => {
    const server = own.postgres
      ? await running.add(startPostgres({ dir: join(folder, 'postgres'), logDir, port: ports.postgres, onCrash: crash('postgres') }))
      : null;
    const url = server?.url ?? config.database.url;
    await migrate(url);
    say(server ? `PostgreSQL   127.0.0.1:${server.port}` : 'PostgreSQL   as configured');
    return { url, port: server?.port };
  };
  const temporal = async () => {
    if (!own.temporal) {
      say(`Temporal     ${config.temporal.address}, as configured`);
      return { address: config.temporal.address, ui: config.temporal.ui_url ?? null, ports: {} };
    }
    const { path: binary, from } = await provideTemporal();
    const dir = join(folder, 'temporal');
    mkdirSync(dir, { recursive: true });
    const { namespace } = config.temporal;
    const server = await running.add(
      startTemporal({ binary, dir, logDir, port: ports.temporal, uiPort: ports.temporal_ui, namespace, onCrash: crash('temporal') }),
    );
    say(`Temporal     ${server.address}, UI ${server.uiUrl} (from ${from})`);
    return { address: server.address, ui: server.uiUrl, ports: { temporal: server.port, temporal_ui: server.uiPort ?? undefined } };
  };
  const host = async () => {
    if (findSshd() === null) return null;
    return await running.add(startSshd({ dir: join(folder, 'sshd'), logDir, port: ports.sshd, onCrash: crash('sshd') }));
  };

  const [db, cluster, sshd] = await Promise.all([database(), temporal(), host(), buildPage(plan.root), buildWorkflows(plan.root, folder)]);
  const stranded = own.postgres ? strandedData() : [];
  if (stranded.length > 0) {
    const list = stranded.map(({ home, origin }) => `${home} (of ${origin})`).join(', ');
    say(`PostgreSQL   data of clones that are not where they were stays until you delete it: ${list}`);
  }
  const used: Ports = { ...ports, ...cluster.ports, postgres: db.port, sshd: sshd?.port };
  writePorts(folder, used);
  return { databaseUrl: db.url, temporalAddress: cluster.address, temporalUi: cluster.ui, sshd };
}

/** Starts worker and API on the foundations; answers with the address of the page once everything a run needs is ready. */
export async function startProduct(plan: StackPlan, under: Foundations, running: Running): Promise<string> {
  const { config, settings, folder } = plan;
  const { host, port } = config.api;
  const fixed = settings.origins.get('api.port');
  if (fixed !== undefined && port !== 0 && !(await portIsFree(port, host))) {
    throw new Error(`${fixed}: port ${port} on ${host} is taken; end what listens there, or set another api.port`);
  }
  const start = (at: number) => startAt(at, plan, under, running);
  const used = fixed === undefined ? await onFreePort(firstPort(plan), host, start) : await start(port === 0 ? await freePort() : port);
  writePorts(folder, { ...readPorts(folder), api: used });
  return `http://${reachable(host)}:${used}`;
}

/** The port of the last start, so that addresses stay the same, unless the setting has moved away from it. */
function firstPort({ config, folder }: StackPlan): number {
  const { port } = config.api;
  const last = readPorts(folder).api ?? port;
  return last >= port && last < port + 100 ? last : port;
}

async function startAt(port: number, plan: StackPlan, under: Foundations, running: Running): Promise<number> {
  const { config, settings, folder } = plan;
  const url = `http://${reachable(config.api.host)}:${port}`;
  const instance = randomUUID();
  const env = {
    DATABASE_URL: under.databaseUrl,
    TEMPORAL_ADDRESS: under.temporalAddress,
    TEMPORAL_UI_URL: under.temporalUi ?? undefined,
    CAPSTAN_API__PORT: String(port),
    CAPSTAN_INSTANCE: instance,
    CAPSTAN_WORKER__LOCAL_EXEC: settings.origins.has('worker.local_exec') ? undefined : 'true',
    // The sample asks the product for its own health.
    CAPSTAN_WORKER__HTTP_ALLOW: JSON.stringify([...config.worker.http_allow, `127.0.0.1:${port}`]),
    // One arena per thread would keep 50 MB of the worker's freed memory.
    MALLOC_ARENA_MAX: process.env.MALLOC_ARENA_MAX ?? '2',
    CAPSTAN_KEY__FILE: settings.origins.has('key.file') ? undefined : join(folder, 'key'),
  };
  const ours = (name: string, script: string, stopWithinMs: number, ready: () => Promise<void>) =>
    running.add(
      supervise({
        name,
        command: process.execPath,
        args: [...LEAN_NODE, join(plan.root, script)],
        cwd: plan.root,
        env: defined({ ...env, ...LEAN_ENVIRONMENT }),
        kind: 'ours',
        logDir: join(folder, 'log'),
        ready,
        readyWithinMs: 60_000,
        stopSignal: 'SIGTERM',
        stopWithinMs,
        onCrash: (how) => plan.onCrash(name, how),
      }),
    );
  const worker = ours('worker', 'worker/main.ts', 5_000, async () => {});
  try {
    await Promise.all([worker, ours('api', 'api/main.ts', 3_000, () => answersAs(instance, url))]);
  } catch (error) {
    await (await worker).stop();
    throw error;
  }
  return port;
}

/** The host part of an address that this machine reaches a listener at. */
function reachable(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}

/** Variables without a value are left out: an undefined one would hide what the surroundings set. */
const defined = (env: { readonly [variable: string]: string | undefined }) =>
  Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined));
