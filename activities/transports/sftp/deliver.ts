import { createHash } from 'node:crypto';
import type { StepFailure } from '#jobs/failure.ts';
import { fileFailure } from './failure.ts';
import type { Attributes, Facts, Files, Source } from './files.ts';
import type { Places } from './parallel.ts';
import { partOf } from './part.ts';
import { pump, SourceShrank } from './pump.ts';
import { feed, fingerprintOf, RESENT_BYTES, resumePoint, type Start } from './resume.ts';

export const VERIFY = ['none', 'size', 'sha256'] as const;
export type Verify = (typeof VERIFY)[number];

/** One file to bring from one place to another. */
export interface Delivery {
  readonly from: Files;
  readonly sourcePath: string;
  readonly to: Files;
  readonly targetPath: string;
  readonly run: string;
  readonly verify: Verify;
  attributes(source: Facts): Attributes;
}

/** What an earlier try may have left. */
export interface Earlier {
  readonly mayHavePart: boolean;
  readonly fingerprint: string | null;
  /** Why it is not to be gone on with. */
  readonly refusal?: string;
}

/** A file as it begins, or goes on. */
export interface Begun {
  readonly part: string;
  readonly size: number;
  readonly resumedFrom: number;
  /** Why what an earlier try left is not gone on with. */
  readonly refusal: string | null;
  /** What tells whether a later try still has the same source. */
  readonly fingerprint: string;
}

/** Hears how it goes. */
export interface Watch {
  /** The part exists from now on. */
  begins(begun: Begun): void;
  moved(bytes: number): void;
  /** The part is no more: it is the file. */
  placed(part: string): void;
}

export interface Delivered {
  readonly size: number;
  readonly resumedFrom: number;
  /** Of what passed through this worker; null where that was only a part. */
  readonly sha256: string | null;
}

const TRIES = 3;

/** Brings one file over, whole or not at all: written beside its place, checked, then renamed. A source that changes meanwhile is read again from its beginning. */
export async function deliver(delivery: Delivery, earlier: Earlier, places: Places, signal: AbortSignal, watch: Watch): Promise<Delivered> {
  for (let tries = 1; ; tries += 1) {
    const source = await delivery.from.open(delivery.sourcePath);
    try {
      return await bring(delivery, source, tries === 1 ? earlier : FRESH, places, signal, watch);
    } catch (error) {
      if (!(error instanceof SourceChanged || error instanceof SourceShrank)) throw error;
      if (tries === TRIES) throw failed(delivery, 'read', `the file changed each of the ${TRIES} times it was read`);
    } finally {
      await source.close();
    }
  }
}

const FRESH: Earlier = { mayHavePart: false, fingerprint: null, refusal: 'the source changed while it was read' };

class SourceChanged extends Error {
  override readonly name = 'SourceChanged';
}

async function bring(
  delivery: Delivery,
  source: Source,
  earlier: Earlier,
  places: Places,
  signal: AbortSignal,
  watch: Watch,
): Promise<Delivered> {
  const { from, to, sourcePath, targetPath, run, verify } = delivery;
  const { size } = source.facts;
  const part = partOf(targetPath, run);
  const blockSize = Math.min(await from.blockSize(), await to.blockSize());
  const attributes = delivery.attributes(source.facts);
  const isSmall = size <= blockSize;
  const fresh: Start = { keep: 0, hash: verify === 'sha256' ? createHash('sha256') : null, refusal: earlier.refusal ?? null };
  const { fingerprint } = earlier;
  const start =
    earlier.mayHavePart && from.canResume && to.canResume && size > RESENT_BYTES
      ? await resumePoint({ from, to, source, sourcePath, part, blockSize, fingerprint })
      : fresh;
  // A host whose file is fetched hashes it meanwhile.
  const digestOfSource = verify === 'sha256' && to.isLocal ? from.digest(sourcePath) : null;
  digestOfSource?.catch(() => undefined);

  watch.begins({ part, size, resumedFrom: start.keep, refusal: start.refusal, fingerprint: fingerprintOf(source.facts) });
  const sink = await to.create(part, attributes, start.keep, size);
  let isOpen = true;
  let readBack: string | null = null;
  let has: number;
  try {
    await pump({ source, sink, from: start.keep, size, blockSize, places, hash: start.hash, signal, moved: watch.moved });
    if (!isSmall) await assertUnchanged(delivery, source);
    if (verify === 'sha256' && isSmall && !to.isLocal && sink.read !== null) readBack = hexOf(await sink.read(0, size));
    isOpen = false;
    has = await sink.finish(size, attributes);
  } finally {
    if (isOpen) await sink.close().catch(() => undefined);
  }
  // The host counts open files; hashing needs none of ours.
  await source.close();

  const sha256 = verify === 'sha256' ? (start.hash?.digest('hex') ?? null) : null;
  if (verify !== 'none' && has !== size) throw failed(delivery, 'verify', `it has ${has} bytes, expected ${size}`);
  if (verify === 'sha256') await assertAlike(delivery, { part, size, blockSize, sha256, digestOfSource, readBack });
  await to.place(part, targetPath);
  watch.placed(part);
  return { size, resumedFrom: start.keep, sha256 };
}

interface Known {
  readonly part: string;
  readonly size: number;
  readonly blockSize: number;
  readonly sha256: string | null;
  readonly digestOfSource: Promise<string | null> | null;
  readonly readBack: string | null;
}

/** What passed through this worker is held against the file of the host, on the way up its new one, on the way down its own; between hosts each is held against the other. */
async function assertAlike(delivery: Delivery, { part, size, blockSize, sha256, digestOfSource, readBack }: Known): Promise<void> {
  const { from, to, sourcePath } = delivery;
  const ofSource = async (): Promise<string> =>
    (await (digestOfSource ?? from.digest(sourcePath))) ?? digestByReading(from, sourcePath, size, blockSize);
  const ofTarget = async (): Promise<string> => readBack ?? (await to.digest(part)) ?? digestByReading(to, part, size, blockSize);
  const expected = to.isLocal || sha256 === null ? await ofSource() : sha256;
  const actual = to.isLocal && sha256 !== null ? sha256 : await ofTarget();
  if (actual !== expected) throw failed(delivery, 'verify', `its SHA-256 is ${actual}, expected ${expected}`);
}

async function assertUnchanged(delivery: Delivery, source: Source): Promise<void> {
  const now = await source.look();
  if (now === null)
    throw fileFailure('invalid_input', { where: delivery.from.where, stage: 'read', path: delivery.sourcePath }, 'it has vanished');
  if (fingerprintOf(now) !== fingerprintOf(source.facts)) throw new SourceChanged();
}

const hexOf = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

async function digestByReading(files: Files, path: string, size: number, blockSize: number): Promise<string> {
  const file = await files.open(path);
  try {
    const hash = createHash('sha256');
    await feed(hash, file, 0, size, blockSize);
    return hash.digest('hex');
  } finally {
    await file.close();
  }
}

const failed = ({ to, targetPath }: Delivery, stage: 'read' | 'verify', what: string): StepFailure =>
  fileFailure('assertion', { where: to.where, stage, path: targetPath }, what);
