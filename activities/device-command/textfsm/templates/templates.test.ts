import { describe, expect, test } from 'vitest';
import { askPython, type PythonQuestion, pythonTextfsmMissing } from '#test/peers/python-textfsm.ts';
import type { TextFsmError } from '../errors.ts';
import { parseText } from '../parse-text.ts';
import type { Template } from '../template.ts';
import { Random, seedOf } from '../testing/random.ts';
import { damaged, sampleOutputs } from '../testing/sample-output.ts';
import { templateLibrary } from './library.ts';

const library = await templateLibrary();
const templates = new Map(library.names.map((name) => [name, library.template(name)]));
const templateOf = (name: string): Template => templates.get(name) ?? library.template(name);

/** Made-up outputs of every template, each with its name. */
const samples = library.names.flatMap((name) =>
  sampleOutputs(templateOf(name), seedOf(name), 3).map(({ text, rows, rules }) => ({ name, text, rows, rules })),
);

test('the library holds the 977 templates of ntc-templates 9.2.0, and every one of them compiles', () => {
  expect(library.source).toContain('ntc-templates 9.2.0');
  expect(library.names).toHaveLength(977);
  expect([...templates.values()].filter(({ states }) => states.has('Start'))).toHaveLength(977);
});

test('every template finds at least one row in an output made from its own rules', () => {
  const withRows = new Set(samples.filter(({ rows }) => rows > 0).map(({ name }) => name));
  expect(library.names.filter((name) => !withRows.has(name))).toEqual([]);
});

test('the outputs meet 19 of 20 rules', () => {
  const all = library.names.flatMap((name) =>
    [...templateOf(name).states.values()].flat().flatMap(({ lineOp, line }) => (lineOp === 'Error' ? [] : [`${name}:${line}`])),
  );
  const met = new Set(samples.flatMap(({ name, rules }) => [...rules].map((line) => `${name}:${line}`)));
  expect(all.filter((rule) => met.has(rule)).length / all.length).toBeGreaterThan(0.95);
});

describe.skipIf(pythonTextfsmMissing !== null)('Python’s textfsm', () => {
  /** Where ours gives up, Python is not asked: it would think about the line for ever. */
  const compare = async (texts: readonly { name: string; text: string }[]) => {
    const answered = [];
    for (const { name, text } of texts) {
      const ours = await parseText(templateOf(name), text).catch((error: TextFsmError) => error);
      if (!(ours instanceof Error)) answered.push({ name, text, ours });
      else if (ours.problem !== 'too_much_work') answered.push({ name, text, ours: ours.message });
    }
    expect(answered.length).toBeGreaterThan(texts.length * 0.99);
    const questions = answered.map<PythonQuestion>(({ name, text }) => ({ kind: 'parse', template: library.text(name) ?? '', text }));
    const theirs = askPython(questions).map(({ rows, error }) => rows ?? error);
    return answered.flatMap((one, i) => (JSON.stringify(one.ours) === JSON.stringify(theirs[i]) ? [] : [{ ...one, theirs: theirs[i] }]));
  };

  test('gives exactly the same rows for each of them', { timeout: 240_000 }, async () => {
    expect(await compare(samples)).toEqual([]);
  });

  test('gives the same rows, or the same error, when the outputs are damaged', { timeout: 240_000 }, async () => {
    const broken = samples.map(({ name, text }) => ({ name, text: damaged(text, new Random(seedOf(name))) }));
    expect(await compare(broken)).toEqual([]);
  });
});
