import { randomBytes } from 'node:crypto';
import type { RunSummary } from '#db/queries/list-runs.ts';
import type { StepWithAttempts } from '#db/queries/list-steps.ts';
import { createRing, type Frame } from './ring.ts';

/** What changed, as a notice from the database says it: ids only. */
export interface Changes {
  readonly runs?: readonly string[];
  readonly steps?: readonly (readonly [run: string, key: string])[];
  readonly logs?: readonly (readonly [run: string, key: string, lastLine: number])[];
  readonly jobs?: readonly string[];
}

/** Where the hub learns of changes and reads what they mean; `onGap` says that notices may have been missed. */
export interface HubSource {
  listen(onChanges: (changes: Changes) => void, onGap: () => void): Promise<() => Promise<void>>;
  summaries(runs: readonly string[]): Promise<readonly RunSummary[]>;
  steps(steps: readonly (readonly [run: string, key: string])[]): Promise<readonly StepWithAttempts[]>;
}

/** One reader: gets whole frames, in order, and must never block. */
export type Sink = (bytes: Buffer) => void;

/** Hears of every change once, reads it once, encodes it once, and hands it to everyone who follows its topic. */
export interface Hub {
  /** Follows topics from now on, or from the event a reader saw last; the answer stops it. */
  follow(topics: readonly string[], lastEventId: string | null, sink: Sink): () => void;
  /** The newest event's id, which every reader has by now. */
  position(): string;
  close(): Promise<void>;
}

const BATCH = 500;
const RETRY_MS = 500;
/** How long a topic nobody follows any more is still recorded, so that a reader who reconnects misses nothing. */
const REMEMBER_MS = 60_000;

interface Coverage {
  readonly since: number;
  readers: number;
  forgetAt: number;
}

interface Reader {
  readonly topics: ReadonlySet<string>;
  /** Readers of the same topics share their encoded bytes. */
  readonly group: string;
  readonly sink: Sink;
}

/** The hub of one process; its events are numbered within an epoch, which ends with the process or a gap in its notices. */
export async function createHub(source: HubSource, onError: (error: unknown) => void): Promise<Hub> {
  let epoch = newEpoch();
  let ring = createRing({ frames: 20_000, bytes: 32 << 20 });
  let newest = 0;
  let closed = false;
  const coverage = new Map<string, Coverage>();
  const readers = new Set<Reader>();

  const pending = {
    runs: new Set<string>(),
    steps: new Map<string, [string, string]>(),
    logs: new Map<string, [string, string, number]>(),
  };
  let jobs = new Set<string>();
  let flushing = false;

  const covered = (topic: string): boolean => {
    const entry = coverage.get(topic);
    if (!entry) return false;
    if (entry.readers > 0 || entry.forgetAt > Date.now()) return true;
    coverage.delete(topic);
    return false;
  };

  const note = (changes: Changes): void => {
    const listed = covered('runs');
    for (const run of changes.runs ?? []) if (listed || covered(`run:${run}`)) pending.runs.add(run);
    for (const [run, key] of changes.steps ?? []) if (covered(`run:${run}`)) pending.steps.set(`${run} ${key}`, [run, key]);
    for (const [run, key, last] of changes.logs ?? []) if (covered(`log:${run}`)) pending.logs.set(`${run} ${key}`, [run, key, last]);
    if (covered('jobs')) for (const job of changes.jobs ?? []) jobs.add(job);
    void flush();
  };

  const flush = async (): Promise<void> => {
    if (flushing) return;
    flushing = true;
    try {
      while (!closed && pending.runs.size + pending.steps.size + pending.logs.size + jobs.size > 0) {
        const runs = [...pending.runs].slice(0, BATCH);
        const steps = [...pending.steps].slice(0, BATCH);
        const logs = [...pending.logs];
        const changedJobs = jobs;
        for (const run of runs) pending.runs.delete(run);
        for (const [name] of steps) pending.steps.delete(name);
        pending.logs.clear();
        jobs = new Set();
        try {
          const wanted = steps.map(([, step]) => step);
          const [summaries, views] = await Promise.all([
            runs.length > 0 ? source.summaries(runs) : [],
            wanted.length > 0 ? source.steps(wanted) : [],
          ]);
          const found = new Map(summaries.map((run) => [run.id, run]));
          publish([
            ...views.map((step) => ({ topic: `run:${step.run_id}`, step })),
            ...runs.flatMap((id) => {
              const run = found.get(id);
              return ['runs', `run:${id}`].map((topic) => (run ? { topic, run } : { topic, deleted: id }));
            }),
            ...logs.map(([, [run, key, last]]) => ({ topic: `log:${run}`, key, last })),
            ...[...changedJobs].map((job) => ({ topic: 'jobs', job })),
          ]);
        } catch (error) {
          onError(error);
          for (const run of runs) pending.runs.add(run);
          for (const [name, step] of steps) pending.steps.set(name, step);
          for (const [name, line] of logs) if (!pending.logs.has(name)) pending.logs.set(name, line);
          for (const job of changedJobs) jobs.add(job);
          await new Promise((resolve) => setTimeout(resolve, RETRY_MS).unref());
        }
      }
    } finally {
      flushing = false;
    }
  };

  const publish = (messages: readonly { readonly topic: string }[]): void => {
    const frames: Frame[] = [];
    for (const message of messages) {
      if (!covered(message.topic)) continue;
      newest += 1;
      const frame = {
        number: newest,
        topic: message.topic,
        bytes: Buffer.from(`id: ${epoch}-${newest}\ndata: ${JSON.stringify(message)}\n\n`),
      };
      ring.push(frame);
      frames.push(frame);
    }
    const encoded = new Map<string, Buffer>();
    for (const reader of readers) {
      let bytes = encoded.get(reader.group);
      if (bytes === undefined) {
        bytes = Buffer.concat(frames.filter((frame) => reader.topics.has(frame.topic)).map((frame) => frame.bytes));
        encoded.set(reader.group, bytes);
      }
      if (bytes.length > 0) reader.sink(bytes);
    }
  };

  const resync = () => Buffer.from(`event: resync\nid: ${epoch}-${newest}\ndata: {}\n\n`);

  const gap = (): void => {
    epoch = newEpoch();
    ring = createRing({ frames: 20_000, bytes: 32 << 20 });
    newest = 0;
    for (const [topic, entry] of coverage) coverage.set(topic, { ...entry, since: 0 });
    for (const reader of readers) reader.sink(resync());
  };

  /** What a reader who saw `lastEventId` has missed, or null when that cannot be told. */
  const missed = (topics: ReadonlySet<string>, lastEventId: string): readonly Buffer[] | null => {
    const [seenEpoch, number] = lastEventId.split('-');
    const last = Number(number);
    if (seenEpoch !== epoch || !Number.isSafeInteger(last) || last > newest) return null;
    for (const topic of topics) if (!covered(topic) || (coverage.get(topic)?.since ?? Number.POSITIVE_INFINITY) > last) return null;
    return ring.after(last)?.flatMap((frame) => (topics.has(frame.topic) ? [frame.bytes] : [])) ?? null;
  };

  const stopListening = await source.listen(note, gap);

  return {
    follow(list, lastEventId, sink) {
      const topics = new Set(list);
      const replay = lastEventId === null ? [] : missed(topics, lastEventId);
      for (const topic of topics) {
        const entry = covered(topic) ? coverage.get(topic) : undefined;
        if (entry) entry.readers += 1;
        else coverage.set(topic, { since: newest, readers: 1, forgetAt: 0 });
      }
      const reader: Reader = { topics, group: [...topics].sort().join(' '), sink };
      readers.add(reader);
      if (replay === null) sink(resync());
      else if (replay.length > 0) sink(Buffer.concat(replay));
      return () => {
        if (!readers.delete(reader)) return;
        for (const topic of topics) {
          const entry = coverage.get(topic);
          if (!entry) continue;
          entry.readers -= 1;
          entry.forgetAt = Date.now() + REMEMBER_MS;
        }
      };
    },
    position: () => `${epoch}-${newest}`,
    async close() {
      closed = true;
      await stopListening();
    },
  };
}

const newEpoch = () => randomBytes(6).toString('hex');
