import type { Hash } from 'node:crypto';
import type { Sink, Source } from './files.ts';
import type { Places } from './parallel.ts';

export interface Pumped {
  readonly source: Pick<Source, 'read' | 'reuse'>;
  readonly sink: Pick<Sink, 'write'>;
  readonly from: number;
  readonly size: number;
  readonly blockSize: number;
  /** How many blocks may be under way, of all files together. */
  readonly places: Places;
  /** Fed with every byte, in order. */
  readonly hash: Hash | null;
  readonly signal: AbortSignal;
  moved(bytes: number): void;
}

/** The source held fewer bytes than it said when it was opened. */
export class SourceShrank extends Error {
  override readonly name = 'SourceShrank';
}

/** Moves all bytes from `from` on, many blocks at a time, each handed to the sink in its turn; rejects with the first failure, once nothing is under way any more. */
export async function pump({ source, sink, from, size, blockSize, places, hash, signal, moved }: Pumped): Promise<void> {
  const under = new Set<Promise<void>>();
  const failures: unknown[] = [];
  let turn: Promise<void> = Promise.resolve();

  const move = async (position: number, length: number, before: Promise<void>, after: () => void): Promise<void> => {
    try {
      const bytes = await source.read(position, length);
      if (bytes.length < length) throw new SourceShrank(`ends at ${position + bytes.length} of ${size}`);
      // In the order of the file: what a killed transfer leaves has no holes, and all of it can be gone on with.
      await before;
      if (failures.length > 0) return after();
      const written = sink.write(position, bytes);
      written.catch(() => undefined);
      hash?.update(bytes);
      after();
      await written;
      source.reuse?.(bytes);
      moved(length);
    } catch (error) {
      failures.push(error);
      after();
    } finally {
      places.give();
    }
  };

  for (let position = from; position < size; position += blockSize) {
    await places.take();
    if (failures.length > 0 || signal.aborted) {
      places.give();
      break;
    }
    const { promise: after, resolve } = Promise.withResolvers<void>();
    const moving: Promise<void> = move(position, Math.min(blockSize, size - position), turn, resolve).finally(() => under.delete(moving));
    under.add(moving);
    turn = after;
  }
  await Promise.all(under);
  signal.throwIfAborted();
  if (failures.length > 0) throw failures[0];
}
