import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RunSummary } from '#db/queries/list-runs.ts';
import type { StepWithAttempts } from '#db/queries/list-steps.ts';
import type { Place } from '#jobs/places.ts';
import { createCoverage } from './coverage.ts';
import { createPaced } from './paced.ts';
import { type Changes, createPending } from './pending.ts';
import { createRing, type Frame } from './ring.ts';
import { createToldRuns } from './told-runs.ts';

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
  /** Records topics for a minute without a reader; whoever reads the database after this and then follows them from the event it answers with has missed nothing. */
  remember(topics: readonly string[]): string;
  /** The newest event's id, which every reader has by now. */
  position(): string;
  close(): Promise<void>;
}

const BATCH = 500;
const RETRY_MS = 500;
/** Of a place that changes all the time everyone is told once in so long. */
const PLACE_MS = 1_000;
const REPLAY = { frames: 20_000, bytes: 32 << 20 };

interface Reader {
  readonly topics: ReadonlySet<string>;
  /** Readers of the same topics share their encoded bytes. */
  readonly group: string;
  readonly sink: Sink;
}

type Message = { readonly topic: string };

/** The hub of one process; its events are numbered within an epoch, which ends with the process or a gap in its notices. */
export async function createHub(source: HubSource, onError: (error: unknown) => void): Promise<Hub> {
  let epoch = newEpoch();
  let ring = createRing(REPLAY);
  let newest = 0;
  let closed = false;
  let flushing = false;
  const coverage = createCoverage();
  const pending = createPending();
  const told = createToldRuns();
  const readers = new Set<Reader>();

  const flush = async (): Promise<void> => {
    if (flushing) return;
    flushing = true;
    for (let changes = pending.take(BATCH); changes && !closed; changes = pending.take(BATCH)) {
      try {
        publish(await messagesOf(source, changes, told.isNews));
      } catch (error) {
        onError(error);
        pending.add(changes, coverage.covers);
        await sleep(RETRY_MS, undefined, { ref: false });
      }
    }
    flushing = false;
  };

  const publish = (messages: readonly Message[]): void => {
    const frames = messages.filter(({ topic }) => coverage.covers(topic)).map(encode);
    const encoded = new Map<string, Buffer>();
    // Telling a thousand takes its time: it begins with another each time, so that nobody is always the last.
    const all = [...readers];
    const first = Math.floor(Math.random() * all.length);
    for (const { group, topics, sink } of [...all.slice(first), ...all.slice(0, first)]) {
      const bytes = encoded.get(group) ?? Buffer.concat(frames.filter(({ topic }) => topics.has(topic)).map((frame) => frame.bytes));
      encoded.set(group, bytes);
      if (bytes.length > 0) sink(bytes);
    }
  };

  const encode = (message: Message): Frame => {
    newest += 1;
    const bytes = Buffer.from(`id: ${epoch}-${newest}\ndata: ${JSON.stringify(message)}\n\n`);
    const frame = { number: newest, topic: message.topic, bytes };
    ring.push(frame);
    return frame;
  };

  /** What was read after `since` needs no second reading. */
  const resync = (topics?: readonly string[], since = newest) =>
    Buffer.from(`event: resync\nid: ${epoch}-${newest}\ndata: ${JSON.stringify({ topics, since: `${epoch}-${since}` })}\n\n`);

  const startAnew = (): void => {
    epoch = newEpoch();
    ring = createRing(REPLAY);
    newest = 0;
    coverage.restart();
    told.clear();
    for (const { sink } of readers) sink(resync());
  };

  /** What a reader who saw `lastEventId` has missed, with a word on which topics, or whether of any, this cannot be told. */
  const missedSince = (topics: ReadonlySet<string>, lastEventId: string): Buffer => {
    const [seenEpoch, number] = lastEventId.split('-');
    const last = Number(number);
    if (seenEpoch !== epoch || !Number.isSafeInteger(last) || last > newest) return resync();
    const frames = ring.after(last);
    if (!frames) return resync();
    const unknown = [...topics].filter((topic) => !coverage.coversSince(topic, last));
    const since = Math.max(0, ...unknown.map((topic) => coverage.begin(topic) ?? newest));
    const missed = frames.filter(({ topic }) => topics.has(topic)).map(({ bytes }) => bytes);
    return Buffer.concat(unknown.length === 0 ? missed : [...missed, resync(unknown, since)]);
  };

  const hear = (changes: Changes): void => {
    pending.add(changes, coverage.covers);
    void flush();
  };
  const hearOfPlace = createPaced<Place>(PLACE_MS, (place) => hear({ places: [place] }));

  const stopListening = await source.listen(({ places = [], ...changes }) => {
    for (const place of places) hearOfPlace(place);
    hear(changes);
  }, startAnew);

  return {
    follow(list, lastEventId, sink) {
      const topics = new Set(list);
      const missed = lastEventId === null ? null : missedSince(topics, lastEventId);
      for (const topic of topics) coverage.enter(topic, newest);
      const reader: Reader = { topics, group: [...topics].sort().join(' '), sink };
      readers.add(reader);
      if (missed && missed.length > 0) sink(missed);
      return () => {
        if (readers.delete(reader)) for (const topic of topics) coverage.leave(topic);
      };
    },
    remember(topics) {
      for (const topic of topics) {
        coverage.enter(topic, newest);
        coverage.leave(topic);
      }
      return `${epoch}-${newest}`;
    },
    position: () => `${epoch}-${newest}`,
    async close() {
      closed = true;
      await stopListening();
    },
  };
}

/** Reads what the ids stand for; a run that is gone is told as deleted. Of commands and files only their step is told: whoever shows them asks for the page it shows. */
async function messagesOf(
  source: HubSource,
  { runs, steps, logs, commands, transfers, notices, jobs, queues, places }: Required<Changes>,
  isNews: (run: RunSummary) => boolean,
): Promise<readonly Message[]> {
  const [summaries, views] = await Promise.all([
    runs.length > 0 ? source.summaries(runs) : [],
    steps.length > 0 ? source.steps(steps) : [],
  ]);
  const found = new Map(summaries.map((run) => [run.id, run]));
  return [
    ...views.map((step) => ({ topic: `run:${step.run_id}`, step })),
    ...runs.flatMap((id) => {
      const run = found.get(id);
      if (run && !isNews(run)) return [];
      return ['runs', `run:${id}`].map((topic) => (run ? { topic, run } : { topic, deleted: id }));
    }),
    ...logs.map(([run, key, last]) => ({ topic: `log:${run}`, key, last })),
    ...commands.map(([run, key]) => ({ topic: `run:${run}`, commands: key })),
    ...transfers.map(([run, key]) => ({ topic: `run:${run}`, transfers: key })),
    ...notices.map(([run, key, kind]) => ({ topic: 'notices', run_id: run, key, notice: kind })),
    ...jobs.map((job) => ({ topic: 'jobs', job })),
    ...queues.map((queue) => ({ topic: 'queues', queue })),
    ...places.map((topic) => ({ topic })),
  ];
}

const newEpoch = () => randomBytes(6).toString('hex');
