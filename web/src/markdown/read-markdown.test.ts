import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Inline, looksLikeMarkdown, readMarkdown } from './read-markdown.ts';

const words = (inner: readonly Inline[]): string => inner.map((one) => ('text' in one ? one.text : words(one.inner))).join('');

test('headings, paragraphs, lists, code, quotes, rules and tables are told apart', () => {
  const source =
    '# Title\n\nTwo\nlines\n\n- one\n  - deeper\n- two\n\n```sh\n# no heading\n```\n> said\n\n---\n| a | b |\n|---|---|\n| 1 | `x` |';
  expect(readMarkdown(source)).toMatchObject([
    { is: 'heading', level: 1 },
    { is: 'paragraph', inner: [{ is: 'text', text: 'Two\nlines' }] },
    { is: 'list', ordered: false, items: [{ depth: 0 }, { depth: 1 }, { depth: 0 }] },
    { is: 'code', text: '# no heading' },
    { is: 'quote' },
    { is: 'rule' },
    { is: 'table', head: [[{ text: 'a' }], [{ text: 'b' }]], rows: [[[{ text: '1' }], [{ is: 'code', text: 'x' }]]] },
  ]);
});

test('bold, emphasis, code and links stand within a line', () => {
  expect(readMarkdown('see **the *new* host** at [site](https://example.org/x) and `a*b`')).toMatchObject([
    {
      inner: [
        { text: 'see ' },
        { is: 'strong', inner: [{ text: 'the ' }, { is: 'emphasis' }, { text: ' host' }] },
        { text: ' at ' },
        { is: 'link', href: 'https://example.org/x' },
        { text: ' and ' },
        { is: 'code', text: 'a*b' },
      ],
    },
  ]);
});

test.each(['javascript:alert(1)', 'data:text/html,x', '//evil', 'vbscript:x', '/relative'])('a link to %s stays text', (href) => {
  const [block] = readMarkdown(`[click](${href})`);
  if (block?.is !== 'paragraph') throw new Error('no paragraph');
  expect(block.inner.every(({ is }) => is === 'text')).toBe(true);
  expect(words(block.inner)).toBe(`[click](${href})`);
});

test('markup stays text', () => {
  expect(readMarkdown('<img src=x onerror=alert(1)>')).toEqual([
    { is: 'paragraph', inner: [{ is: 'text', text: '<img src=x onerror=alert(1)>' }] },
  ]);
});

test('any text is read, ends soon, and loses no letter of a paragraph', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('a', '*', '`', '[', ']', '(', ')', '#', '|', '-', '>', '\n', ' ', '1', '.'), maxLength: 300 }),
      (text) => {
        const letters = (some: string) => some.replaceAll(/[^a]/g, '').length;
        const told = readMarkdown(text).map((block) => {
          if (block.is === 'code') return block.text;
          if (block.is === 'list') return block.items.map(({ inner }) => words(inner)).join('');
          if (block.is === 'table') return [block.head, ...block.rows].flat().map(words).join('');
          return block.is === 'rule' ? '' : words(block.inner);
        });
        expect(letters(told.join(''))).toBeLessThanOrEqual(letters(text));
      },
    ),
  );
  const began = performance.now();
  readMarkdown('*'.repeat(200_000));
  readMarkdown('[a]('.repeat(50_000));
  readMarkdown('`'.repeat(200_000));
  readMarkdown('`'.repeat(3_999).concat('\n').repeat(25));
  readMarkdown(`# ${' '.repeat(3_990)}x\n`.repeat(25));
  readMarkdown(`# ${'#'.repeat(3_990)}x\n`.repeat(25));
  readMarkdown(`|a\n|${'-'.repeat(3_990)}x\n`.repeat(25));
  expect(performance.now() - began).toBeLessThan(2_000);
});

test('only what uses the language is drawn so', () => {
  expect(looksLikeMarkdown('# Report\nall good')).toBe(true);
  expect(looksLikeMarkdown('- a\n- b')).toBe(true);
  expect(looksLikeMarkdown('plain words, 3 * 4 * 5')).toBe(false);
});

test('of ever so many pieces the first are told apart, and the rest stays text', () => {
  const [block] = readMarkdown('`a` '.repeat(500).concat('\n').repeat(50));
  if (block?.is !== 'paragraph') throw new Error('no paragraph');
  expect(block.inner.length).toBeLessThan(10_000);
  expect(words(block.inner).replaceAll(/[^a]/g, '')).toHaveLength(25_000);
  expect(looksLikeMarkdown(`# a\n${'x'.repeat(10_000)}`)).toBe(false);
});
