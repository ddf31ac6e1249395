/** What a TZif file is to hold: seconds ahead of UTC and an abbreviation per type, transitions in seconds since 1970. */
export interface TzifContent {
  readonly types: readonly (readonly [offset: number, abbreviation: string])[];
  readonly transitions: readonly (readonly [at: number, type: number])[];
  readonly footer: string;
  readonly version?: number;
  readonly leaps?: number;
}

/** A TZif file as RFC 9636 lays it out, with an empty 32-bit block. */
export function tzifOf({ types, transitions, footer, version = 2, leaps = 0 }: TzifContent): Uint8Array {
  const names = types.map(([, abbreviation]) => `${abbreviation}\0`);
  const block = Buffer.alloc(transitions.length * 9 + types.length * 6);
  transitions.forEach(([at, type], i) => {
    block.writeBigInt64BE(BigInt(at), i * 8);
    block.writeUInt8(type, transitions.length * 8 + i);
  });
  types.forEach(([offset], i) => {
    const at = transitions.length * 9 + i * 6;
    block.writeInt32BE(offset, at);
    block.writeUInt8(names.slice(0, i).join('').length, at + 5);
  });
  const text = Buffer.from(names.join(''), 'latin1');
  return Buffer.concat([
    header(version, 0, 0, 1, 1),
    Buffer.alloc(7),
    header(version, leaps, transitions.length, types.length, text.length),
    block,
    text,
    Buffer.alloc(leaps * 12),
    Buffer.from(`\n${footer}\n`, 'latin1'),
  ]);
}

function header(version: number, leaps: number, times: number, types: number, characters: number): Buffer {
  const bytes = Buffer.alloc(44);
  bytes.write('TZif');
  if (version > 1) bytes.write(String(version), 4);
  [0, 0, leaps, times, types, characters].forEach((count, i) => {
    bytes.writeUInt32BE(count, 20 + i * 4);
  });
  return bytes;
}
