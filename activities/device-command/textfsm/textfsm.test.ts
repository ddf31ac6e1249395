import { describe, expect, test } from 'vitest';
import { askPython, pythonTextfsmMissing } from '#test/peers/python-textfsm.ts';
import { PARSE_LIMITS } from './machine.ts';
import { parseText } from './parse-text.ts';
import { parseTemplate } from './template.ts';
import { BAD_TEMPLATES, FEATURES } from './testing/cases.ts';

test.each(FEATURES)('$name', async ({ template, text, rows }) => {
  expect(await parseText(parseTemplate(template), text)).toEqual(rows);
});

test.each(BAD_TEMPLATES)('a template is refused for $name', ({ template, says }) => {
  expect(() => parseTemplate(template)).toThrow(expect.objectContaining({ problem: 'template', message: says }));
});

test.skipIf(pythonTextfsmMissing !== null)(
  'Python’s textfsm gives the same rows for every feature and refuses the same templates in the same words',
  () => {
    const features = askPython(FEATURES.map(({ template, text }) => ({ kind: 'parse', template, text })));
    expect(features.map(({ rows, error }) => rows ?? error)).toEqual(FEATURES.map(({ rows }) => rows));
    const refused = askPython(BAD_TEMPLATES.map(({ template }) => ({ kind: 'compile', template })));
    expect(refused.map(({ error }) => error)).toEqual(BAD_TEMPLATES.map(({ says }) => says));
  },
);

describe('output that a template does not want', () => {
  const strict = parseTemplate('Value A (\\S+)\n\nStart\n  ^a ${A} -> Record\n  ^bad -> Error "told so"\n  ^. -> Error\n');

  test('ends the parse with the message, the rule and the line', async () => {
    await expect(parseText(strict, 'a one\nbad news\n')).rejects.toMatchObject({
      problem: 'unexpected_output',
      message: 'Error: "told so". Rule Line: 5. Input Line: bad news.',
    });
  });

  test('ends the parse with the rule and the line where there is no message', async () => {
    await expect(parseText(strict, 'what\n')).rejects.toMatchObject({ message: 'State Error raised. Rule Line: 6. Input Line: what' });
  });
});

describe('output made to cost time', () => {
  const wild = parseTemplate('Value A ((a+)+)\nValue B (\\S+)\n\nStart\n  ^${A}b -> Record\n  ^${B} -> Record\n');

  test('a line on which a rule would run for ever is given up, naming the line', async () => {
    await expect(parseText(wild, `ab\n${'a'.repeat(60)}\n`)).rejects.toMatchObject({
      problem: 'too_much_work',
      message: 'line 2: the match takes more steps than allowed',
    });
  });

  test('a line longer than any device writes is not looked at', async () => {
    await expect(parseText(wild, 'x'.repeat(65_537))).rejects.toMatchObject({
      problem: 'too_much_work',
      message: 'line 1 has 65537 characters, more than 65536',
    });
  });

  test('a repetition that nests deeper than the stack is given up, and the next text is parsed as ever', async () => {
    const deep = parseTemplate('Value A (\\d+)\n\nStart\n  ^(?:,?${A})+$$ -> Record\n');
    await expect(parseText(deep, '1,'.repeat(30_000))).rejects.toMatchObject({ problem: 'too_much_work' });
    expect(await parseText(deep, '1,22,3\n')).toEqual([['3']]);
  });

  test('a text that takes longer than its budget is given up between lines', async () => {
    await expect(parseText(wild, 'ab\nab\n', { ...PARSE_LIMITS, budgetMs: 0 })).rejects.toMatchObject({
      problem: 'too_much_work',
      message: 'parsing took more than 0 ms, at line 1 of 2',
    });
  });

  test('a hundred thousand plain lines are parsed, and others get their turn meanwhile', async () => {
    let turns = 0;
    const clock = setInterval(() => turns++, 1);
    const rows = await parseText(wild, 'plain\n'.repeat(100_000));
    clearInterval(clock);
    expect(rows).toHaveLength(100_000);
    expect(turns).toBeGreaterThan(0);
  });
});
