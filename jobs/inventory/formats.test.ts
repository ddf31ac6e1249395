import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Json } from '../json.ts';
import { INVENTORY_FORMAT_NAMES, INVENTORY_FORMATS, type InventoryFormat } from './formats.ts';
import { INVENTORY_FIELD_NAMES, INVENTORY_FIELDS, type InventoryTarget } from './inventory.ts';

const text = (maxLength = 30) =>
  fc
    .string({ unit: 'grapheme', minLength: 1, maxLength })
    .filter((value) => value.trim() !== '' && value.isWellFormed() && !value.includes('\0'));
const nameOf = fc.stringMatching(/^[a-z0-9][a-z0-9._-]{0,15}$/);
const number = fc.oneof(
  fc.integer(),
  fc.integer({ min: -9999, max: 9999 }).map((value) => value / 100),
);
const json: fc.Arbitrary<Json> = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 2 },
    fc.constant(null),
    fc.boolean(),
    number,
    text(10),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(nameOf, tie('value'), { maxKeys: 3 }),
  ),
})).value as fc.Arbitrary<Json>;
const orNull = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null });

const target: fc.Arbitrary<InventoryTarget> = fc.record({
  name: nameOf,
  kind: fc.constantFrom('ssh', 'device'),
  description: orNull(text()),
  host: fc.oneof(fc.domain(), fc.ipV4(), fc.ipV6(), fc.stringMatching(/^[!-.0-?A-~äß]{1,20}$/)),
  port: orNull(fc.integer({ min: 1, max: 65_535 })),
  username: orNull(text()),
  credential: orNull(nameOf),
  device_type: orNull(fc.constantFrom('linux', 'cisco_iosxe')),
  tags: fc.uniqueArray(fc.oneof(nameOf, text(10)), { maxLength: 4 }),
  attributes: fc.dictionary(
    text(10).filter((name) => name !== '__proto__'),
    json,
    { maxKeys: 4 },
  ),
  timezone: orNull(fc.constantFrom('Europe/Berlin', 'UTC')),
  timeout_seconds: orNull(fc.integer({ min: 1, max: 86_400 })),
  jump: orNull(nameOf),
  remote_dir: orNull(fc.constantFrom('~/.capstan', '/srv/a b')),
  host_key_policy: fc.constantFrom('strict', 'accept_new'),
  host_keys: fc.array(fc.record({ type: fc.constant('ssh-ed25519'), fingerprint: fc.constant('SHA256:x'), key: fc.constant('AAAA') }), {
    maxLength: 2,
  }),
  legacy_algorithms: fc.boolean(),
  maintenance: fc.uniqueArray(fc.constantFrom('sun 01:00-05:00', 'mon-fri 22:00-06:00', 'calendar:patches')),
  enabled: fc.boolean(),
});

/** Through JSON, as fields are stored: no -0, no prototype. */
const stored = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;
const lossless = INVENTORY_FORMAT_NAMES.filter((format) => format !== 'ssh_config');
const empty = Object.fromEntries(INVENTORY_FIELD_NAMES.map((field) => [field, INVENTORY_FIELDS[field].empty]));

test.each(lossless)('any targets written as %s are read as the same targets', (format) => {
  fc.assert(
    fc.property(fc.uniqueArray(target, { selector: ({ name }) => name, maxLength: 4 }), (given) => {
      const targets = stored(given);
      const { parse, write } = INVENTORY_FORMATS[format];
      const { entries, problems } = parse(write(targets));
      expect(problems).toEqual([]);
      const read = entries.map(({ name, fields }) => ({ name, ...empty, ...fields }));
      expect(read.sort(byName)).toEqual([...targets].sort(byName));
    }),
    { numRuns: 150 },
  );
});

test('any targets written for ssh are read as the same, as far as ssh has words for them', () => {
  fc.assert(
    fc.property(fc.uniqueArray(target, { selector: ({ name }) => name, maxLength: 4 }), (given) => {
      const { parse, write } = INVENTORY_FORMATS.ssh_config;
      const targets = given.map(({ jump, username, ...each }): InventoryTarget => {
        return { ...each, username: String(username ?? 'x').replace(/[\r\n]/g, ''), jump: jump === 'none' ? null : (jump ?? null) };
      });
      const { entries, problems } = parse(write(targets));
      expect(problems).toEqual([]);
      for (const { name, fields } of entries) expect(targets.find((each) => each.name === name)).toMatchObject(fields);
      expect(entries).toHaveLength(targets.length);
    }),
    { numRuns: 150 },
  );
});

test.each(INVENTORY_FORMAT_NAMES)('any text at all is read as %s without harm', (format: InventoryFormat) => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'ab:[]{}"\'\\=;,#-! \n\t%1&*'.split('')), maxLength: 60 }), (any) => {
      const { entries, problems } = INVENTORY_FORMATS[format].parse(any);
      expect(Array.isArray(entries) && problems.every(({ line, message }) => line >= 1 && message !== '')).toBe(true);
    }),
  );
});

const byName = (a: { readonly name: string }, b: { readonly name: string }) => (a.name < b.name ? -1 : 1);
