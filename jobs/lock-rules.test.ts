import { expect, test } from 'vitest';
import { parseDefinition } from './definition.ts';
import { TEST_SPECS } from './specs.fixture.ts';

const said = (text: string): readonly string[] => parseDefinition(text, TEST_SPECS).problems.map(({ message }) => message);
const step = (concurrency: string): readonly string[] =>
  said(`name: backup\nparameters: { site: { type: string } }\nsteps: [{ id: a, type: test.send, concurrency: ${concurrency} }]`);
const job = (limits: string, more = ''): readonly string[] =>
  said(
    `name: backup\nparameters: { site: { type: string } }\nlimits: { concurrency: ${limits} }\n${more}\nsteps: [{ id: a, type: test.send }]`,
  );

test.each([
  ['with a key that a parameter fills in', job("{ key: 'backup-${{ parameters.site }}', max: 2, on_conflict: skip }"), []],
  ['of its job, by default', job('{ max: 1 }'), []],
  ['of a step, whose key sees what the step sees', step("{ key: 'a-${{ run.id }}' }"), []],
  ['with an unknown parameter', job("{ key: '${{ parameters.sites }}' }"), [expect.stringContaining('there is no parameter "sites"')]],
  ['with a key and a subject', job('{ key: a, per: job }'), ['limits.concurrency.per: write either a key or per']],
  ['that stands twice', job('[{ key: a }, { key: a, max: 2 }]'), ['limits.concurrency[1]: lock a is named twice']],
  [
    'per target of a job on many',
    job('{ per: target }', 'target: [a, b]'),
    ['limits.concurrency.per: a run of this job has no one target; write the concurrency of its steps instead'],
  ],
  [
    'per credential of a step that has no target',
    step('{ per: credential }'),
    ['steps[0].concurrency.per: steps of type test.send take no target; write a key'],
  ],
  [
    'that its own run holds',
    said('name: backup\nlimits: { concurrency: { per: job } }\nsteps: [{ id: a, type: test.send, concurrency: {} }]'),
    ['steps[0].concurrency: the run holds the lock per job already (limits.concurrency), so this step would wait for its own run'],
  ],
])('a lock %s', (_what, problems, expected) => {
  expect(problems).toEqual(expected);
});

test('a rate has a span of time, and its resource sees what the step sees', () => {
  const rate = (text: string) => said(`name: a\nsteps: [{ id: a, type: test.send, rate: ${text} }]`);
  expect(rate("{ resource: 'api-${{ run.job }}', max: 5, per: 1m }")).toEqual([]);
  expect(rate('{ resource: "${{ steps.b.outputs }}", max: 5, per: 60d }')).toEqual([
    expect.stringContaining('steps[0].rate.resource: there is no step "b"'),
    'steps[0].rate.per: "60d" is longer than 30 d',
  ]);
});
