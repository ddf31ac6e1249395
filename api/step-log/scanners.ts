import { Worker } from 'node:worker_threads';
import { HttpProblem, unavailable } from '../problem.ts';
import type { ScanAnswer, ScanTask } from './scan.ts';
import type { ThreadAnswer } from './thread.ts';

/** What looking may cost: threads, the memory of each, how long one task may take before its thread is ended, how long idle threads stay, and how many searches may wait. */
const COST = { threads: 2, memoryMb: 256, taskMs: 10_000, idleMs: 120_000, waiting: 200 } as const;

/** Whoever wants something looked for; one who leaves no longer waits for a thread. */
export interface Asker {
  /** The person: those who wait take turns, however much each of them wants. */
  readonly who: string;
  readonly signal?: AbortSignal | undefined;
}

/** Threads that look through logs, so that the one that answers requests stays free. */
export interface Scanners {
  readonly atOnce: number;
  /** Has the threads ready for whoever may soon ask. */
  warm(): void;
  /** Does the task on a thread that is free, or as soon as one is. Throws a 422 for a pattern that is not RE2 or costs too much, 503 when too many wait, `Left` when the asker leaves before its turn. */
  do<T extends ScanTask>(task: T, asker: Asker): Promise<ScanAnswer<T>>;
  close(): Promise<void>;
}

/** Nobody waits for the answer any more. */
export class Left extends HttpProblem {
  constructor() {
    super(408, 'whoever asked has left');
  }
}

interface Job {
  readonly task: ScanTask;
  readonly who: string;
  readonly resolve: (answer: never) => void;
  readonly reject: (error: Error) => void;
  /** Called once its turn has come. */
  readonly begun: () => void;
}

/** Starts threads when they are first needed and ends them when nobody has asked for a while. */
export function createScanners(databaseUrl: string, { threads = COST.threads }: { readonly threads?: number } = {}): Scanners {
  const idle: Worker[] = [];
  const all = new Set<Worker>();
  const waiting: Job[] = [];
  /** When each person who waits had a turn last. */
  const turns = new Map<string, number>();
  let rest: NodeJS.Timeout | undefined;

  const forget = (thread: Worker): void => {
    all.delete(thread);
    const at = idle.indexOf(thread);
    if (at >= 0) idle.splice(at, 1);
  };
  const end = (thread: Worker): Promise<number> => {
    forget(thread);
    return thread.terminate();
  };

  const start = (): Worker => {
    const thread = new Worker(new URL('thread.ts', import.meta.url), {
      workerData: { url: databaseUrl },
      resourceLimits: { maxOldGenerationSizeMb: COST.memoryMb },
    });
    thread.unref();
    // One that dies while nobody asks it anything is only left out; whoever asks hears of it by a listener of his own.
    thread.on('error', () => forget(thread)).on('exit', () => forget(thread));
    all.add(thread);
    return thread;
  };

  /** The oldest job of whoever had no turn for longest. */
  const nextInTurn = (): Job | undefined => {
    const [first] = waiting.toSorted((one, other) => (turns.get(one.who) ?? 0) - (turns.get(other.who) ?? 0));
    if (!first) return undefined;
    waiting.splice(waiting.indexOf(first), 1);
    turns.set(first.who, Math.max(0, ...turns.values()) + 1);
    return first;
  };

  const next = (): void => {
    clearTimeout(rest);
    if (waiting.length === 0) {
      turns.clear();
      rest = setTimeout(() => idle.splice(0).map(end), COST.idleMs).unref();
      return;
    }
    const thread = idle.pop() ?? (all.size < threads ? start() : undefined);
    const job = thread && nextInTurn();
    if (job) give(thread, job);
  };

  const give = (thread: Worker, job: Job): void => {
    const { task, resolve, reject, begun } = job;
    begun();
    const settle = () => {
      clearTimeout(late);
      thread.off('message', onMessage).off('error', onError).off('exit', onExit);
      next();
    };
    const fail = (error: Error) => {
      void end(thread);
      settle();
      reject(error);
    };
    const late = setTimeout(() => fail(new HttpProblem(422, TOO_MUCH)), COST.taskMs);
    const onMessage = (answer: ThreadAnswer) => {
      idle.push(thread);
      settle();
      if ('found' in answer) resolve(answer.found as never);
      else reject(answer.refused ? new HttpProblem(422, `text: ${answer.problem}`) : new Error(answer.problem));
    };
    const onError = (error: Error) => fail(isOutOfMemory(error) ? new HttpProblem(422, TOO_MUCH) : error);
    const onExit = () => fail(new Error('a thread that looks through logs ended without an answer'));
    thread.once('message', onMessage).once('error', onError).once('exit', onExit);
    thread.postMessage(task);
  };

  return {
    atOnce: threads,
    warm: () => {
      while (all.size < threads) idle.push(start());
      next();
    },
    do: (task, { who, signal }) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) throw new Left();
        // A text that somebody already receives goes on; it waits with one task at a time.
        if (task.does !== 'text' && waiting.length >= COST.waiting) throw unavailable('too many searches of logs wait for their turn', 2);
        const leave = () => {
          waiting.splice(waiting.indexOf(job), 1);
          reject(new Left());
        };
        const job: Job = { task, who, resolve, reject, begun: () => signal?.removeEventListener('abort', leave) };
        signal?.addEventListener('abort', leave, { once: true });
        waiting.push(job);
        next();
      }),
    close: async () => {
      clearTimeout(rest);
      await Promise.all([...all].map(end));
    },
  };
}

const TOO_MUCH = 'text: looking for this costs more than a search may; a simpler pattern finds more';

const isOutOfMemory = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ERR_WORKER_OUT_OF_MEMORY';
