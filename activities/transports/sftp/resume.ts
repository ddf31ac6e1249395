import { createHash, type Hash } from 'node:crypto';
import type { Facts, Files, Source } from './files.ts';

/** At most this much of what a file under way holds is not believed, and sent again. */
export const RESENT_BYTES = 2 * 1024 * 1024;

/** Where a transfer goes on: the bytes that stand, and the hash of those where they passed through this worker. */
export interface Start {
  readonly keep: number;
  readonly hash: Hash | null;
  /** Why it does not go on where an earlier try stopped; null when it does, or there was none. */
  readonly refusal: string | null;
}

/** What a source was when its transfer began; another one begins from scratch. */
export const fingerprintOf = ({ size, mtime, id }: Facts): string => `${size}/${mtime}/${id}`;

export interface Resumable {
  readonly from: Files;
  readonly to: Files;
  readonly source: Source;
  readonly sourcePath: string;
  readonly part: string;
  readonly blockSize: number;
  /** Of the source when an earlier attempt began; null when that is not known. */
  readonly fingerprint: string | null;
}

/** As much of the part as is proven to be the beginning of the source: by its hash where the host computes one, else by its last bytes. */
export async function resumePoint(asked: Resumable): Promise<Start> {
  const { to, source, part, fingerprint } = asked;
  const scratch = (refusal: string | null): Start => ({ keep: 0, hash: createHash('sha256'), refusal });
  const have = await to.look(part, 'keep');
  if (have === null || have.kind !== 'file' || have.size === 0) return scratch(null);
  if (fingerprint !== null && fingerprint !== fingerprintOf(source.facts)) return scratch('the source has changed');

  const whole = Math.min(have.size, source.facts.size);
  const trusted = Math.max(0, whole - RESENT_BYTES);
  // The newest bytes may be torn: a server may have had several writes in hand when it ended.
  for (const start of await beginnings(asked, [trusted, whole])) if (start.keep > 0 && (await isBeginning(asked, start))) return start;
  return scratch(`the ${have.size} bytes that are there are not how the source begins`);
}

/** The candidates, longest first, with their hashes from whichever end is this worker's. */
async function beginnings(
  { from, to, source, part, blockSize }: Resumable,
  [short, long]: readonly [number, number],
): Promise<readonly Start[]> {
  if (!from.isLocal && !to.isLocal) {
    return [
      { keep: long, hash: null, refusal: null },
      { keep: short, hash: null, refusal: null },
    ];
  }
  const local = from.isLocal ? source : await to.open(part);
  try {
    const hash = createHash('sha256');
    await feed(hash, local, 0, short, blockSize);
    const shorter = hash.copy();
    await feed(hash, local, short, long, blockSize);
    return [
      { keep: long, hash, refusal: null },
      { keep: short, hash: shorter, refusal: null },
    ];
  } finally {
    if (local !== source) await local.close();
  }
}

async function isBeginning(asked: Resumable, { keep, hash }: Start): Promise<boolean> {
  const { from, to, sourcePath, part } = asked;
  const [ofSource, ofPart] = await Promise.all([
    hash !== null && from.isLocal ? hash.copy().digest('hex') : from.digest(sourcePath, keep),
    hash !== null && to.isLocal ? hash.copy().digest('hex') : to.digest(part, keep),
  ]);
  if (ofSource !== null && ofPart !== null) return ofSource === ofPart;
  return asked.fingerprint !== null && endsAlike(asked, keep);
}

async function endsAlike({ to, source, part, blockSize }: Resumable, keep: number): Promise<boolean> {
  const written = await to.open(part);
  try {
    const hashes = [source, written].map(async (file) => {
      const hash = createHash('sha256');
      await feed(hash, file, Math.max(0, keep - RESENT_BYTES), keep, blockSize);
      return hash.digest('hex');
    });
    const [one, other] = await Promise.all(hashes);
    return one === other;
  } finally {
    await written.close();
  }
}

/** Blocks read ahead of the one being hashed. */
const AHEAD = 16;

/** Feeds a stretch of a file to a hash; what a file lacks of it is left out. */
export async function feed(hash: Hash, file: Pick<Source, 'read'>, from: number, to: number, blockSize: number): Promise<void> {
  const ahead: Promise<Buffer>[] = [];
  for (let next = from; next < to || ahead.length > 0; ) {
    while (next < to && ahead.length < AHEAD) {
      const reading = file.read(next, Math.min(blockSize, to - next));
      reading.catch(() => undefined);
      ahead.push(reading);
      next += blockSize;
    }
    hash.update((await ahead.shift()) ?? Buffer.alloc(0));
  }
}
