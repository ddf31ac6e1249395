import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { OpenChunk } from './log-sink.ts';
import { LogWriter } from './log-writer.ts';
import { createMasker } from './mask.ts';

const SECRETS = ['hunter2hunter2', 'ab\ncd\nef', 'cdcdcd', 'längere wörter\nund zeilen'];
const STREAMS = ['stdout', 'stderr'] as const;
type Stream = (typeof STREAMS)[number];

/** What a database would have of a log; nothing more once it is cut off. */
class Store {
  readonly chunks = new Map<number, Pick<OpenChunk, 'lines' | 'stdout_bytes' | 'stderr_bytes'>>();
  isCut = false;

  add(chunk: OpenChunk): void {
    if (this.isCut) return;
    chunk.stored = chunk.lines.length;
    this.chunks.set(chunk.first_line, { ...chunk, lines: [...chunk.lines] });
  }

  sink = {
    add: (chunk: OpenChunk) => this.add(chunk),
    commit: async (chunk: OpenChunk) => this.add(chunk),
    room: () => undefined,
    flush: async () => undefined,
  };

  get firstLine(): number {
    const last = [...this.chunks].at(-1);
    return last === undefined ? 1 : last[0] + last[1].lines.length;
  }

  get stored() {
    const last = [...this.chunks.values()].at(-1);
    return { stdout: last?.stdout_bytes ?? 0, stderr: last?.stderr_bytes ?? 0 };
  }

  /** What stands there of a stream, parts of a line put together. */
  text(stream: Stream): string {
    return [...this.chunks.values()]
      .flatMap(({ lines }) => lines.filter((line) => line.stream === stream))
      .map(({ text, context }) => (context === undefined ? `${text}\n` : text))
      .join('');
  }
}

const open = (store: Store): LogWriter =>
  new LogWriter(
    { run: 'run', key: 'one', attempt: 1, firstLine: store.firstLine, stored: store.stored, fenced: true },
    createMasker(SECRETS),
    store.sink,
  );

/** One write: how many bytes of which stream, and whether what was written by then is made sure of. */
interface Write {
  readonly stream: Stream;
  readonly size: number;
  readonly settles: boolean;
}

/** Writes what is left of both streams behind what is stored. */
async function follow(output: Record<Stream, Buffer>, writer: LogWriter, writes: readonly Write[]): Promise<void> {
  const at = { ...writer.stored };
  for (const { stream, size, settles } of writes) {
    await writer.write(stream, output[stream].subarray(at[stream], at[stream] + size));
    at[stream] += size;
    if (settles) await writer.settled();
  }
}

const piece = fc.oneof(
  { arbitrary: fc.constantFrom(...SECRETS, 'ab\n', 'cd\nef', 'hunter2', 'cd', '\n', '\n\n', 'ö', '€ 5', '***', ' '), weight: 8 },
  { arbitrary: fc.constantFrom('x'.repeat(16_383), 'y€'.repeat(5000), 'hunter2hunter2 '.repeat(700), 'cd'.repeat(9000)), weight: 1 },
);
const bytes = fc.array(piece, { maxLength: 25 }).map((pieces) => Buffer.from(pieces.join('')));
const write = fc.record({ stream: fc.constantFrom(...STREAMS), size: fc.oneof(fc.nat(12), fc.nat(20_000)), settles: fc.boolean() });
const rest: readonly Write[] = STREAMS.map((stream) => ({ stream, size: 1_000_000, settles: false }));

test('a log that is taken up where it was stored is the log of one that was never cut, wherever it was cut, and whatever was masked', async () => {
  await fc.assert(
    fc.asyncProperty(bytes, bytes, fc.array(fc.array(write, { maxLength: 12 }), { maxLength: 3 }), async (stdout, stderr, lives) => {
      const output = { stdout, stderr };
      const whole = new Store();
      const uncut = open(whole);
      await follow(output, uncut, rest);
      uncut.tail();
      uncut.close();

      const store = new Store();
      for (const writes of lives) {
        const doomed = open(store);
        await follow(output, doomed, writes);
        store.isCut = true;
        doomed.close();
        store.isCut = false;
      }
      const last = open(store);
      await follow(output, last, rest);
      last.tail();
      last.close();

      for (const stream of STREAMS) expect(store.text(stream)).toBe(whole.text(stream));
      expect(store.stored).toEqual({ stdout: stdout.length, stderr: stderr.length });
      for (const secret of SECRETS) expect(whole.text('stdout')).not.toContain(secret);
    }),
    { numRuns: 400 },
  );
});

test('what comes before the place where a log is taken up is in the tail, masked, and not in the log', async () => {
  const store = new Store();
  const writer = open(store);
  writer.recall('stdout', Buffer.from('nter2hunter2 and hunter2hunter2\nbefore\n'));
  await writer.write('stdout', Buffer.from('after\n'));
  expect(writer.tail().stdout).toBe('*** and ***\nbefore\nafter\n');
  writer.close();
  expect(store.text('stdout')).toBe('after\n');
});

test('is settled once what was written so far is stored, and says so when that cannot be had', async () => {
  const store = new Store();
  const writer = open(store);
  await writer.settled();
  await writer.write('stdout', Buffer.from('one\ntwo'));
  await writer.settled();
  expect(store.text('stdout')).toBe('one\n');
  expect(store.stored.stdout).toBe(4);
  store.sink.commit = async (chunk) => {
    chunk.stored = null;
    throw new Error('refused');
  };
  await writer.line('info', 'more');
  await expect(writer.settled()).rejects.toMatchObject({ type: 'internal', message: expect.stringContaining('could not be stored') });
  writer.close();
});

test('output that has ended is whole in the log, its last line too, and counted to the last byte', async () => {
  const store = new Store();
  const writer = open(store);
  await writer.write('stderr', Buffer.from('one\nhunter2hunter2 no newline hunter2'));
  expect(writer.tail().stderr).toBe('one\n*** no newline hunter2');
  await writer.settled();
  expect(store.text('stderr')).toBe('one\n*** no newline hunter2\n');
  expect(store.stored.stderr).toBe(37);
  writer.close();
});
