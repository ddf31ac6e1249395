import { createSignal } from 'solid-js';
import { expect, test } from 'vitest';
import type { JsonSchema } from '#jobs/json.ts';
import { claimTyped, forgetTyped } from '../session/typed.ts';
import { draw } from '../testing/draw.tsx';
import { keptAt } from './kept.ts';
import { useKeptForm } from './kept-form.ts';
import { SchemaForm } from './SchemaForm.tsx';

const SCHEMA: JsonSchema = { properties: { name: { type: 'string' }, password: { type: 'string', secret: true } } };
const begin = { form: { name: 'ada' }, tag: '"1"' };

/** A form as it is opened, with what it was filled from. */
const opened = (from = begin) => {
  const [place] = createSignal<string | null>('test.person');
  let kept: ReturnType<typeof useKeptForm> | undefined;
  draw(() => {
    kept = useKeptForm(
      place,
      () => from,
      () => SCHEMA,
    );
    return <p>{String(kept.form().name)}</p>;
  });
  if (!kept) throw new Error('no form was drawn');
  return kept;
};

test('what was typed is there again with the state it began from, and without its secrets', () => {
  opened().change({ name: 'ada lovelace', password: 'hunter2', gone: 'x' });
  expect(JSON.stringify({ ...sessionStorage })).not.toContain('hunter2');
  const again = opened({ form: { name: 'somebody else’s' }, tag: '"2"' });
  expect([again.form(), again.tag(), again.isKept()]).toEqual([{ name: 'ada lovelace' }, '"1"', true]);
  again.startOver();
  expect([again.form(), again.tag(), again.isKept()]).toEqual([{ name: 'somebody else’s' }, '"2"', false]);
  expect(opened().isKept()).toBe(false);
});

test('what is as it was, or was saved, is kept no longer', () => {
  const form = opened();
  form.change({ name: 'x' });
  form.change({ name: 'ada' });
  expect(opened().isKept()).toBe(false);
  form.change({ name: 'x' });
  form.forget();
  expect(opened().isKept()).toBe(false);
});

test('a page that is left when its session is over keeps nothing for whoever comes next', () => {
  claimTyped('ada');
  const drawer = keptAt('test.text');
  expect(drawer.keep('typed by ada')).toBe(true);
  claimTyped('eve');
  expect([drawer.keep('typed by ada'), keptAt('test.text').read()]).toEqual([false, null]);
  forgetTyped();
  expect([drawer.keep('typed by ada'), keptAt('test.text').read()]).toEqual([false, null]);
});

test('the fields of a form stand filled from the first, whatever they ask for', () => {
  const schema: JsonSchema = {
    properties: { port: { type: 'integer' }, extra: {}, labels: { type: 'object', additionalProperties: { type: 'string' } } },
  };
  const box = draw(() => {
    const kept = useKeptForm(
      () => null,
      () => ({ form: { port: 9, extra: { a: 1 }, labels: { site: 'ber' } }, tag: null }),
      () => schema,
    );
    return <SchemaForm schema={schema} value={kept.form()} onChange={() => {}} errors={[]} />;
  });
  const values = [...box.querySelectorAll<HTMLInputElement>('input, textarea')].map(({ value }) => value);
  expect(values).toEqual(['9', '{\n  "a": 1\n}', 'site', 'ber']);
});
