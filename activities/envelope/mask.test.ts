import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AutomatonCache } from './automaton-cache.ts';
import { createMasker, MASK } from './mask.ts';

const SECRET = 'p4ss"wörd/+&\\x';
const MASKER = createMasker([SECRET]);

const RSA = generateKeyPairSync('rsa', {
  modulusLength: 4096,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
}).privateKey;

const pass = (chunks: readonly Buffer[], masker = MASKER): string => {
  const stream = masker.stream();
  return Buffer.concat([...chunks.map((chunk) => stream.pass(chunk)), stream.end()]).toString();
};

const split = (bytes: Buffer, cuts: readonly number[]): Buffer[] => {
  const places = [0, ...[...cuts].map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return places.slice(1).map((place, index) => bytes.subarray(places[index], place));
};

describe('a secret is found', () => {
  test.each([
    ['as it is', SECRET],
    ['JSON-escaped', JSON.stringify(SECRET).slice(1, -1)],
    ['URL-encoded', encodeURIComponent(SECRET)],
    ['URL-encoded in lower case', encodeURIComponent(SECRET).replace(/%../g, (code) => code.toLowerCase())],
    ['in hex', Buffer.from(SECRET).toString('hex')],
    ['in upper-case hex', Buffer.from(SECRET).toString('hex').toUpperCase()],
  ])('%s', (_form, shown) => {
    expect(MASKER.text(`before ${shown} after`)).toBe(`before ${MASK} after`);
  });

  test.each([0, 1, 2, 3, 4, 5])('inside base64 data that starts %i bytes before it', (offset) => {
    for (const alphabet of ['base64', 'base64url'] as const) {
      const encoded = Buffer.from(`${'u'.repeat(offset)}${SECRET}:tail`).toString(alphabet);
      const masked = MASKER.text(encoded);
      expect(masked).toContain(MASK);
      expect(Buffer.from(masked.replace(MASK, ''), alphabet).toString('latin1')).not.toContain('wörd');
      expect(masked.length).toBeLessThan(encoded.length - SECRET.length + MASK.length + 3);
    }
  });

  test('line by line when it is a key', () => {
    const line = 'b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAA';
    const masker = createMasker([`-----BEGIN KEY-----\n${line}\n-----END KEY-----\n`]);
    expect(masker.text(`leaked: ${line}!`)).toBe(`leaked: ${MASK}!`);
  });

  test.each([
    ['as it is', (key: string) => key],
    ['in base64', (key: string) => Buffer.from(`--${key}`).toString('base64')],
    ['in hex', (key: string) => Buffer.from(key).toString('hex')],
    ['URL-encoded', encodeURIComponent],
    ['JSON-escaped', JSON.stringify],
    ['as one line of it in base64', (key: string) => Buffer.from(`key: ${key.split('\n')[7]}`).toString('base64')],
  ])('as a key of many lines, %s: nothing longer than a joint between lines is left', (_form, shown) => {
    const left = createMasker([RSA]).text(shown(RSA)).split(MASK);
    const header = /BEGIN|END|LS0t|2d2d2d2d|tLS0/;
    for (const rest of left.filter((text) => !header.test(text))) expect(rest.length).toBeLessThanOrEqual(12);
    expect(left.length).toBeGreaterThan(1);
  });

  test('of several short lines as a whole, in every form', () => {
    const masker = createMasker(['ab1\ncd2\nef3\n']);
    expect(masker.text('x ab1\ncd2\nef3\n y')).toBe(`x ${MASK} y`);
    expect(masker.text(Buffer.from('ab1\ncd2\nef3\n').toString('hex'))).toBe(MASK);
  });
});

test('output masks the same however its bytes were split', () => {
  const piece = fc.oneof(fc.constantFrom(SECRET, 'abcab', 'cabd', 'ab', 'c', 'p4ss"w', '\n', 'ö'), fc.string({ maxLength: 5 }));
  const masker = createMasker([SECRET, 'abcabd', 'bcab', 'cabd', 'aaaa']);
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), fc.array(fc.nat(), { maxLength: 12 }), (pieces, cuts) => {
      const bytes = Buffer.from(pieces.join(''));
      expect(pass(split(bytes, cuts), masker)).toBe(pass([bytes], masker));
      expect(
        pass(
          [...bytes].map((byte) => Buffer.of(byte)),
          masker,
        ),
      ).toBe(pass([bytes], masker));
    }),
    { numRuns: 1000 },
  );
});

test('what is masked equals the union of all places where a secret stands', () => {
  const secrets = ['abab', 'babc', 'cccc', 'bcca'];
  const masker = createMasker(secrets);
  const letters = fc.array(fc.constantFrom('a', 'b', 'c', 'x'), { maxLength: 40 }).map((list) => list.join(''));
  fc.assert(
    fc.property(letters, (text) => {
      const covered = new Array<boolean>(text.length).fill(false);
      for (const secret of secrets) {
        for (let at = text.indexOf(secret); at >= 0; at = text.indexOf(secret, at + 1)) covered.fill(true, at, at + secret.length);
      }
      const clear = [...text].filter((_letter, index) => !covered[index]).join('');
      expect(masker.text(text).replaceAll(MASK, '')).toBe(clear);
    }),
    { numRuns: 2000 },
  );
});

test('a stream of nothing but a repeated secret holds back no more than one of them', () => {
  const stream = createMasker(['aaaa']).stream();
  let out = '';
  for (let round = 0; round < 1000; round += 1) out += stream.pass(Buffer.from('aaaaaaa')).toString();
  out += stream.end().toString();
  expect(out).toBe(MASK);
});

test('texts, keys and lists inside a value are masked, and other values are left alone', () => {
  const value = { a: [SECRET, 1, null], [`k-${SECRET}`]: { b: `x${SECRET}` } };
  expect(MASKER.json(value)).toEqual({ a: [MASK, 1, null], [`k-${MASK}`]: { b: `x${MASK}` } });
});

test('without secrets everything passes untouched', () => {
  const bytes = Buffer.from([0, 255, 10, 195]);
  const masker = createMasker(['']);
  expect(masker.stream().pass(bytes)).toEqual(bytes);
  expect(masker.text('any')).toBe('any');
});

test('secrets too short to mask without blanking half of a text are left alone', () => {
  expect(createMasker(['abc']).text('abc')).toBe('abc');
});

describe('the automata of a worker', () => {
  test('are built once for the same secrets, whatever their order', () => {
    const cache = new AutomatonCache();
    const one = cache.find([RSA, 'password']);
    expect(cache.find(['password', RSA])).toBe(one);
    expect(cache.find(['another', RSA])).not.toBe(one);
  });

  test('stay small, also for a large key', () => {
    expect(new AutomatonCache().find([RSA])?.bytes).toBeLessThan(2_000_000);
  });

  test('are given up, the longest unused first, when they take too much', () => {
    const cache = new AutomatonCache(60_000);
    const first = cache.find(['the first secret']);
    const second = cache.find(['the second secret']);
    for (let other = 0; other < 50; other += 1) {
      cache.find([`another secret ${other}`]);
      expect(cache.find(['the first secret'])).toBe(first);
      expect(cache.bytes).toBeLessThanOrEqual(60_000);
    }
    expect(cache.find(['the second secret'])).not.toBe(second);
  });
});

test('at the end of every line that is out, the rest masked by itself is what masking the whole gives there', () => {
  const secrets = ['ab\ncd', 'cdcd', '\n\n\nab', 'ddcc'];
  const masker = createMasker(secrets);
  const letters = fc.array(fc.constantFrom('a', 'b', 'c', 'd', '\n'), { maxLength: 60 }).map((list) => Buffer.from(list.join('')));
  fc.assert(
    fc.property(letters, fc.array(fc.nat(), { maxLength: 8 }), (bytes, cuts) => {
      const whole = pass([bytes], masker);
      const stream = masker.stream();
      let out = '';
      let asked = 0;
      for (const chunk of split(bytes, cuts)) {
        out += stream.pass(chunk).toString();
        for (let at = out.indexOf('\n', asked); at >= 0; at = out.indexOf('\n', asked)) {
          asked = at + 1;
          const raw = stream.rawAt(asked);
          expect(pass([bytes.subarray(0, raw)], masker)).toBe(whole.slice(0, asked));
          expect(pass([bytes.subarray(raw)], masker)).toBe(whole.slice(asked));
        }
      }
      out += stream.end().toString();
      expect(stream.rawAt(out.length)).toBe(bytes.length);
    }),
    { numRuns: 2000 },
  );
});

test('a piece from inside of a stream hides the rest of a secret that it begins with, and what stands together with it', () => {
  const masker = createMasker(['correct horse battery', 'battery staple']);
  expect(masker.piece(Buffer.from('rse battery staple, and correct horse battery.')).toString()).toBe(`${MASK}, and ${MASK}.`);
  expect(masker.piece(Buffer.from('nothing of it')).toString()).toBe('nothing of it');
});
