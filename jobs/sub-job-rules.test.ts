import { expect, test } from 'vitest';
import { parseDefinition } from './definition.ts';
import { TEST_SPECS } from './specs.fixture.ts';
import { defineWorkflowStep } from './step.ts';

const jobRun = defineWorkflowStep({ type: 'job.run', title: 'Run a job', config: { type: 'object' }, result: {}, examples: [] });

const said = (text: string): readonly string[] =>
  parseDefinition(text, { ...TEST_SPECS, 'job.run': jobRun }).problems.map(({ pointer, message }) => `${pointer} ${message}`);

const job = (config: string): readonly string[] => said(`name: report\nsteps: [{ id: a, type: job.run, config: ${config} }]`);

const NO_EXPRESSION = 'no expression stands here: which job and version runs is settled when the run is accepted';

test.each([
  ['another job', job('{ job: backup, version: 2, parameters: { site: "${{ run.id }}" } }'), []],
  ['itself', job('{ job: report }'), ['/steps/0/config/job steps[0].config.job: a job cannot run itself']],
  [
    'itself, to undo something',
    said(
      'name: report\nsteps: [{ id: a, type: test.send, compensate: { type: job.run, config: { job: report } } }]\non_failure: [{ type: job.run, config: { job: report } }]',
    ),
    [
      '/steps/0/compensate/config/job steps[0].compensate.config.job: a job cannot run itself',
      '/on_failure/0/config/job on_failure[0].config.job: a job cannot run itself',
    ],
  ],
  ['a job that an expression names', job('{ job: "${{ run.job }}" }'), [`/steps/0/config/job steps[0].config.job: ${NO_EXPRESSION}`]],
  [
    'both a version and a tag',
    job('{ job: backup, version: 1, tag: live }'),
    ['/steps/0/config/tag steps[0].config.tag: a version is named already; write one of the two'],
  ],
])('a step that runs %s', (_what, problems, expected) => {
  expect(problems).toEqual(expected);
});
