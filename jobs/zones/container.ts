import type { Release } from './release.ts';

/** The first line of a container, as JSON; the TZif files follow it in this order. */
interface Head {
  readonly version: string;
  /** Zones in the order of their files, each with the length of its file in bytes. */
  readonly zones: readonly (readonly [name: string, bytes: number])[];
  readonly aliases: Readonly<Record<string, string>>;
}

const NEWLINE = 0x0a;

/** A release in one piece: a line of JSON that lists what is in it, and the files. */
export function packed({ version, files, aliases }: Release): Uint8Array {
  const zones = [...files].map(([name, file]) => [name, file.length] as const);
  const head = new TextEncoder().encode(`${JSON.stringify({ version, zones, aliases: Object.fromEntries(aliases) } satisfies Head)}\n`);
  const whole = new Uint8Array([...files.values()].reduce((sum, file) => sum + file.length, head.length));
  whole.set(head);
  let at = head.length;
  for (const file of files.values()) {
    whole.set(file, at);
    at += file.length;
  }
  return whole;
}

/** The release that `packed` packed; its files are parts of the same memory. */
export function unpacked(whole: Uint8Array): Release {
  const end = whole.indexOf(NEWLINE);
  if (end < 0) throw new Error('the zone data have no list of their zones');
  const head = JSON.parse(new TextDecoder().decode(whole.subarray(0, end))) as Head;
  const files = new Map<string, Uint8Array>();
  let at = end + 1;
  for (const [name, bytes] of head.zones) {
    files.set(name, whole.subarray(at, at + bytes));
    at += bytes;
  }
  if (at !== whole.length) throw new Error(`the zone data list ${at} bytes and have ${whole.length}`);
  return { version: head.version, files, aliases: new Map(Object.entries(head.aliases)) };
}
