import type { WantedQueue } from '#db/queries/queues/wanted-queues.ts';
import { HEALTHY_MS, isAlarming, pauseBeforeMs } from '#jobs/queues/repair.ts';
import { type LiveWorker, whatToServe } from '#jobs/queues/serving.ts';
import { type Demand, isScarce, type Shares, shareSlots } from '#jobs/queues/slots.ts';
import type { Logger } from '#platform/logging.ts';
import { inTurns } from './in-turns.ts';
import type { SlotPool } from './slot-pool.ts';

/** The worker of one queue. */
export interface QueueWorker {
  /** Ends when the worker has; rejects when it fails. */
  readonly ended: Promise<void>;
  stop(): void;
}

/** What the queues of zones need from the outside. */
export interface ZoneDeps {
  /** This process, with the queues that it serves besides those of zones. */
  readonly me: LiveWorker;
  readonly pool: SlotPool;
  readonly log: Logger;
  wanted(): Promise<readonly WantedQueue[]>;
  alive(): Promise<readonly LiveWorker[]>;
  open(queue: string): Promise<QueueWorker>;
  /** How many steps wait in a queue, and how long the first has. */
  look(queue: string): Promise<Pick<Demand, 'backlog' | 'oldestMs'>>;
  /** Closes a queue unless it was used of late. */
  closeIdle(queue: string): Promise<boolean>;
  /** The worker of a queue failed; what is wrong is told to people once making it again has not helped. */
  noteFailure(queue: string, problem: string | null): Promise<void>;
  /** Nothing is wrong with a queue any more. */
  noteWell(queue: string): Promise<void>;
  /** Tells the others what this process serves, and that these of its queues are not as they were. */
  report(changed: readonly string[]): Promise<void>;
}

/** A queue of a zone in one process: how many of its steps run, how many may, and how many wait here until they may. */
export interface ZoneSlots {
  readonly name: string;
  readonly used: number;
  readonly total: number;
  readonly waiting: number;
  readonly isLeaving: boolean;
}

interface Served {
  worker: QueueWorker | null;
  since: number;
  /** In a row. */
  failures: number;
  retryAt: number;
  isLeaving: boolean;
  /** Nothing went on in it when somebody looked last. */
  isSuspect: boolean;
}

const IDLE_MS = 600_000;

/** The queues of zones that this process serves: a worker each, made when the queue is used, left when another process is to have it, closed when it is idle, made again when it fails. */
export class ZoneQueues {
  readonly #deps: ZoneDeps;
  readonly #served = new Map<string, Served>();
  readonly #ends = new Set<Promise<void>>();
  #shares: Shares = new Map();
  #reported: ReadonlyMap<string, string> = new Map();
  #isStopping = false;

  constructor(deps: ZoneDeps) {
    this.#deps = deps;
  }

  /** Those that are being left only end what they have. */
  get slots(): readonly ZoneSlots[] {
    const { standings, line } = this.#deps.pool;
    return standings
      .filter(({ name }) => this.#served.get(name)?.worker)
      .map(({ name, used: taken, share }) => {
        const used = Math.min(taken, line.runningOf(name));
        return { name, used, total: share, waiting: taken - used, isLeaving: this.#served.get(name)?.isLeaving === true };
      });
  }

  /** Brings what is served to what is wanted, and the slots to where the work is. To be called every second or so, and when a queue is called for. */
  async keep(): Promise<void> {
    const [wanted, alive] = await Promise.all([this.#deps.wanted(), this.#deps.alive()]);
    if (this.#isStopping) return;
    const { me, pool } = this.#deps;
    const paused = new Set(wanted.filter((queue) => queue.paused).map(({ name }) => name));
    pool.line.hold(paused);
    const served = new Set([...this.#served].filter(([, { isLeaving }]) => !isLeaving).map(([name]) => name));
    const { open, leave } = whatToServe({ id: me.id, queues: [...me.queues, ...served] }, alive, wanted, served);
    for (const name of open) this.#takeUp(name);
    for (const name of leave) {
      pool.leave(name);
      this.#change(name, { isLeaving: true });
    }
    await this.#tend();
    for (const { name, has_problem } of wanted) if (has_problem && this.#isWell(name)) await this.#deps.noteWell(name);
    await this.#shareOut(paused);
    await this.#closeIdle(wanted);
    await this.#reportChange();
  }

  /** Takes what was seen of a queue: why nothing goes on in it, if so. Its worker is made again when that was seen before: a queue that is let go on may just be about to. */
  async looked(queue: string, why: string | null): Promise<void> {
    const served = this.#served.get(queue);
    if (!served?.worker) return;
    const isStalled = served.isSuspect;
    served.isSuspect = why !== null;
    if (why === null || !isStalled) return;
    served.worker.stop();
    await this.#failed(queue, served, why);
  }

  /** Ends all workers; steps that run have the time that every worker gives them. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    for (const { worker } of this.#served.values()) worker?.stop();
    await Promise.allSettled(this.#ends);
  }

  #takeUp(name: string): void {
    const leaving = this.#served.get(name);
    if (leaving) {
      leaving.isLeaving = false;
      this.#deps.pool.stay(name);
    } else this.#served.set(name, { worker: null, since: 0, failures: 0, retryAt: 0, isLeaving: false, isSuspect: false });
  }

  #change(name: string, change: Partial<Served>): void {
    const served = this.#served.get(name);
    if (served) Object.assign(served, change);
  }

  /** Makes workers that are wanted and missing, ends those that were left and have nothing in hand. */
  async #tend(): Promise<void> {
    const working = new Set(this.#deps.pool.standings.filter(({ used }) => used > 0).map(({ name }) => name));
    for (const [name, served] of this.#served) {
      if (served.isLeaving && !working.has(name)) {
        this.#served.delete(name);
        served.worker?.stop();
      } else if (!served.isLeaving && served.worker === null && served.retryAt <= Date.now()) await this.#start(name, served);
      else if (served.worker && served.failures > 0 && Date.now() - served.since > HEALTHY_MS) served.failures = 0;
    }
  }

  async #start(name: string, served: Served): Promise<void> {
    try {
      const worker = await this.#deps.open(name);
      served.worker = worker;
      served.since = Date.now();
      this.#watch(name, served, worker);
      this.#deps.log.info({ queue: name }, 'queue opened');
    } catch (error) {
      await this.#failed(name, served, `its worker could not be made: ${error instanceof Error ? error.message : error}`);
    }
  }

  #watch(name: string, served: Served, worker: QueueWorker): void {
    const failed = async (why: string) => {
      this.#ends.delete(end);
      const isMissed = served.worker === worker && this.#served.get(name) === served && !this.#isStopping;
      if (isMissed) await this.#failed(name, served, why);
    };
    const end = worker.ended.then(
      () => failed('its worker ended'),
      (error: unknown) => failed(`its worker failed: ${error}`),
    );
    this.#ends.add(end);
  }

  async #failed(name: string, served: Served, why: string): Promise<void> {
    served.worker = null;
    served.failures += 1;
    const pause = pauseBeforeMs(served.failures);
    served.retryAt = Date.now() + pause;
    const { log } = this.#deps;
    if (isAlarming(served.failures)) log.error({ queue: name, failures: served.failures }, `queue ${name} is stalled: ${why}`);
    else log.warn({ queue: name }, `queue ${name}: ${why}; its worker is made again in ${pause} ms`);
    const noted = this.#deps.noteFailure(name, isAlarming(served.failures) ? why : null);
    await noted.catch((error: unknown) => log.warn({ err: error, queue: name }, 'the failure of a queue was not kept'));
  }

  #isWell(name: string): boolean {
    const served = this.#served.get(name);
    return served !== undefined && served.worker !== null && served.failures === 0;
  }

  /** Only a queue that would take more than it may is asked how much waits there: the others have a poll under way that would have brought it. */
  async #shareOut(paused: ReadonlySet<string>): Promise<void> {
    const { pool } = this.#deps;
    const busy = pool.standings.filter(({ used }) => used > 0);
    const hungry = busy.filter(({ name, isHungry }) => isHungry && !paused.has(name));
    const waiting = new Map(await inTurns(hungry, async ({ name }) => [name, await this.#deps.look(name)] as const));
    const demands = busy.map(({ name, claims }) => ({ name, used: claims, backlog: 0, oldestMs: 0, ...waiting.get(name) }));
    const scarce = isScarce(pool.cap, demands);
    this.#shares = scarce ? shareSlots(pool.cap, demands, this.#shares) : new Map();
    pool.share(this.#shares, scarce);
  }

  async #closeIdle(wanted: readonly WantedQueue[]): Promise<void> {
    const usedAt = new Map(this.#deps.pool.standings.map((standing) => [standing.name, standing.used > 0 ? Date.now() : standing.usedAt]));
    const idle = wanted.filter(({ name, last_used_at }) => {
      const last = Math.max(Date.parse(last_used_at), usedAt.get(name) ?? 0);
      const served = this.#served.get(name);
      return served?.worker && !served.isLeaving && Date.now() - last > IDLE_MS;
    });
    await inTurns(idle, async ({ name }) => {
      const { backlog } = await this.#deps.look(name);
      if (backlog === 0 && (await this.#deps.closeIdle(name))) this.#deps.log.info({ queue: name }, 'queue is idle and was closed');
    });
  }

  async #reportChange(): Promise<void> {
    // As long as slots are free, each that is taken is one less for all others to take: no news of theirs.
    const { isScarce } = this.#deps.pool;
    const now = new Map(this.slots.map((slots) => [slots.name, JSON.stringify(isScarce ? slots : { ...slots, total: null })]));
    const before = this.#reported;
    const changed = [...new Set([...now.keys(), ...before.keys()])].filter((name) => now.get(name) !== before.get(name));
    if (changed.length === 0) return;
    this.#reported = now;
    await this.#deps.report(changed);
  }
}
