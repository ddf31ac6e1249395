import { type ForEver, readPosixTz, type Stretch } from './posix-tz.ts';

/** Where and how the clocks of a place go: the stretch of even time that a moment (epoch milliseconds) lies in. */
export type Clocks = (moment: number) => Stretch;

const HEADER_BYTES = 44;
const MAGIC = 0x545a6966; // "TZif"

/** Reads a TZif file of version 2 or later (RFC 9636): its 64-bit block, and the rule of its footer for all times after. Throws for anything else, also for one that counts leap seconds. */
export function readTzif(bytes: Uint8Array): Clocks {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const old = headerAt(view, 0);
  if (old.version < 2) throw new Error(`a TZif file of version ${old.version} has no 64-bit times; version 2 or later is wanted`);
  const at = HEADER_BYTES + sizeOf(old, 4);
  const header = headerAt(view, at);
  if (header.leaps > 0) throw new Error('the TZif file counts leap seconds; POSIX time is wanted');
  const block = blockAt(view, at + HEADER_BYTES, header);
  const footer = footerAt(bytes, at + HEADER_BYTES + sizeOf(header, 8));
  return clocksOf(block, footer === '' ? null : readPosixTz(footer));
}

interface Header {
  readonly version: number;
  readonly isUt: number;
  readonly isStandard: number;
  readonly leaps: number;
  readonly times: number;
  readonly types: number;
  readonly characters: number;
}

function headerAt(view: DataView, at: number): Header {
  if (view.byteLength < at + HEADER_BYTES || view.getUint32(at) !== MAGIC) throw new Error(`no TZif header at byte ${at}`);
  // Version 1 writes a zero, later ones their digit.
  const version = view.getUint8(at + 4);
  const [isUt = 0, isStandard = 0, leaps = 0, times = 0, types = 0, characters = 0] = [20, 24, 28, 32, 36, 40].map((field) =>
    view.getUint32(at + field),
  );
  return { version: version === 0 ? 1 : version - 0x30, isUt, isStandard, leaps, times, types, characters };
}

const sizeOf = ({ isUt, isStandard, leaps, times, types, characters }: Header, timeBytes: number): number =>
  times * (timeBytes + 1) + types * 6 + characters + leaps * (timeBytes + 4) + isStandard + isUt;

type Clock = Pick<Stretch, 'offsetMs' | 'abbreviation'>;

interface Block {
  /** When the clocks change (epoch milliseconds), ascending. */
  readonly times: Float64Array;
  /** What they are from then on, by its place in `clocks`. */
  readonly kinds: Uint8Array;
  readonly clocks: readonly [Clock, ...Clock[]];
}

function blockAt(view: DataView, at: number, header: Header): Block {
  const kindsAt = at + header.times * 8;
  const typesAt = kindsAt + header.times;
  const namesAt = typesAt + header.types * 6;
  if (view.byteLength < at + sizeOf(header, 8))
    throw new Error(`the TZif file ends within its 64-bit block, after ${view.byteLength} bytes`);
  const [first, ...others] = Array.from({ length: header.types }, (_, i) => clockAt(view, typesAt + i * 6, namesAt, header.characters));
  if (first === undefined) throw new Error('the TZif file has no local time type');
  const times = Float64Array.from({ length: header.times }, (_, i) => Number(view.getBigInt64(at + i * 8)) * 1000);
  const kinds = Uint8Array.from({ length: header.times }, (_, i) => view.getUint8(kindsAt + i));
  for (let i = 0; i < times.length; i++) {
    if (i > 0 && (times[i] ?? 0) <= (times[i - 1] ?? 0))
      throw new Error(`the transitions of the TZif file do not ascend at number ${i + 1}`);
    if ((kinds[i] ?? 0) >= header.types) throw new Error(`transition ${i + 1} of the TZif file is to type ${kinds[i]} of ${header.types}`);
  }
  return { times, kinds, clocks: [first, ...others] };
}

function clockAt(view: DataView, at: number, namesAt: number, characters: number): Clock {
  const start = view.getUint8(at + 5);
  let abbreviation = '';
  for (let i = start; i < characters && view.getUint8(namesAt + i) !== 0; i++)
    abbreviation += String.fromCharCode(view.getUint8(namesAt + i));
  return { offsetMs: view.getInt32(at) * 1000, abbreviation };
}

function footerAt(bytes: Uint8Array, at: number): string {
  const text = String.fromCharCode(...bytes.subarray(at));
  const [, footer] = /^\n([^\n]*)\n/.exec(text) ?? [];
  if (footer === undefined) throw new Error(`the TZif file has no footer at byte ${at}`);
  return footer;
}

/** The table until its last transition, the rule from then on; without any transition the rule has always held. */
function clocksOf({ times, kinds, clocks }: Block, rule: ForEver | null): Clocks {
  const clockFrom = (i: number): Clock => clocks[i < 0 ? 0 : (kinds[i] ?? 0)] ?? clocks[0];
  const last = times.at(-1) ?? -Infinity;
  return (moment) => {
    if (moment >= last && rule !== null) {
      const stretch = rule(moment);
      return stretch.from < last ? { ...stretch, from: last } : stretch;
    }
    const i = lastNotAfter(times, moment);
    return { from: times[i] ?? -Infinity, to: times[i + 1] ?? Infinity, ...clockFrom(i) };
  };
}

/** The place of the last of the ascending times that is not after the moment; -1 when all are. */
function lastNotAfter(times: Float64Array, moment: number): number {
  let low = -1;
  let high = times.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((times[middle] ?? Infinity) <= moment) low = middle;
    else high = middle;
  }
  return low;
}
