import { expect, test } from 'vitest';
import { patchedSource } from './patched-source.ts';

const SOURCE = `# Owned by the night shift
name: nightly
job: backup            # the big one
cron: 0 2 * * *
dst: { gap: skip, fold: first }
parameters:
  site: ber   # Berlin
  depth: 3
`;

test.each([
  ['another value', { cron: '30 2 * * *' }, SOURCE.replace('0 2 * * *', '30 2 * * *')],
  ['a field within a field', { parameters: { site: 'fra' } }, SOURCE.replace('site: ber ', 'site: fra ')],
  ['a field less', { dst: null }, SOURCE.replace('dst: { gap: skip, fold: first }\n', '')],
  ['a field more', { overlap: 'allow_all' }, `${SOURCE}overlap: allow_all\n`],
  ['nothing', {}, SOURCE],
])('a patch by %s leaves comments and the order of the rest', (_what, patch, expected) => {
  expect(patchedSource(SOURCE, patch).replace(/ +#/g, ' #')).toBe(expected.replace(/ +#/g, ' #'));
});

test('a patch of JSON merges', () => {
  const patched = patchedSource('{"name": "a", "dst": {"gap": "skip", "fold": "both"}, "jitter": "1m"}', {
    dst: { gap: 'shift' },
    jitter: null,
  });
  expect(JSON.parse(patched)).toEqual({ name: 'a', dst: { gap: 'shift', fold: 'both' } });
});

test('fields that stand for others elsewhere are not changed behind their back', () => {
  expect(() => patchedSource('name: a\ndst: &d { gap: skip }\nparameters: *d\n', { parameters: { fold: 'both' } })).toThrow(
    /send it whole/,
  );
});
