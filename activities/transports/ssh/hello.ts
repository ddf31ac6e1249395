import type { Algorithms } from './algorithms.ts';

/** What a host says before anything is secret. */
export interface Hello {
  /** Its identification, e.g. `SSH-2.0-OpenSSH_9.2p1 Debian-2`; null when none came. */
  readonly ident: string | null;
  /** What it said instead of an identification, or before it; the beginning, printable. */
  readonly text: string;
  /** Whether it said anything at all. */
  readonly spoke: boolean;
  /** The algorithms it offers; null before it has named them. */
  readonly offers: Algorithms | null;
}

const KEXINIT = 20;
const TEXT_LENGTH = 200;
/** Longer than any identification with its first packets; nothing is kept beyond. */
const MOST = 65_536;

/** Reads the beginning of what a host sends, beside whoever reads it all. */
export class HelloReader {
  #bytes = Buffer.alloc(0);
  #hello: Hello = { ident: null, text: '', spoke: false, offers: null };
  #done = false;

  get hello(): Hello {
    return this.#hello;
  }

  /** Whether all of it has been seen, so that no more need be handed over. */
  get done(): boolean {
    return this.#done;
  }

  take(bytes: Buffer): void {
    if (this.#done) return;
    this.#bytes = Buffer.concat([this.#bytes, bytes]);
    this.#hello = readHello(this.#bytes);
    if (this.#hello.offers === null && this.#bytes.length < MOST) return;
    this.#done = true;
    this.#bytes = Buffer.alloc(0);
  }
}

/** What the first bytes of a host say (RFC 4253, sections 4.2 and 7.1). */
export function readHello(bytes: Buffer): Hello {
  const text = bytes.toString('latin1');
  const at = text.startsWith('SSH-') ? 0 : text.indexOf('\nSSH-') + 1;
  const starts = at > 0 || text.startsWith('SSH-');
  const end = starts ? text.indexOf('\n', at) : -1;
  const before = (starts ? text.slice(0, at) : text).slice(0, TEXT_LENGTH);
  const hello = { ident: null, text: printable(before), spoke: bytes.length > 0, offers: null };
  if (end === -1) return hello;
  return { ...hello, ident: printable(text.slice(at, end)), offers: readOffers(bytes.subarray(end + 1)) };
}

const printable = (text: string): string => text.replace(/[^\x20-\x7e]+/g, ' ').trim();

function readOffers(packets: Buffer): Algorithms | null {
  for (let at = 0; at + 6 <= packets.length; ) {
    const length = packets.readUInt32BE(at);
    const payload = packets.subarray(at + 5, at + 4 + length - packets.readUInt8(at + 4));
    if (at + 4 + length > packets.length) return null;
    if (payload[0] === KEXINIT) return readNameLists(payload);
    at += 4 + length;
  }
  return null;
}

function readNameLists(payload: Buffer): Algorithms | null {
  const lists: string[][] = [];
  let at = 17;
  while (lists.length < 8) {
    if (at + 4 > payload.length) return null;
    const length = payload.readUInt32BE(at);
    if (at + 4 + length > payload.length) return null;
    const names = payload.toString('latin1', at + 4, at + 4 + length);
    lists.push(names === '' ? [] : names.split(',').map(printable));
    at += 4 + length;
  }
  const [kex = [], serverHostKey = [], cipher = [], , hmac = [], , compress = []] = lists;
  return { kex, serverHostKey, cipher, hmac, compress };
}
