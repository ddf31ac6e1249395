import fc from 'fast-check';
import type { JobDefinition, StepDefinition } from './definition.ts';
import { isGlob } from './glob.ts';

const name = fc.stringMatching(/^[a-z][a-z0-9._-]{0,8}$/);
const words = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
  .filter((text) => !text.includes('\u0000') && !text.includes('${{'));
/** One target's name: a glob would be a list of one. */
const target = words.filter((text) => !isGlob(text));
const duration = fc.constantFrom('500ms', '2s', '5m', '1h30m');

/** Every way a step may be written, without its place in the graph. */
const step: fc.Arbitrary<Omit<StepDefinition, 'id' | 'needs'>> = fc.record(
  {
    type: fc.constant('test.exec'),
    config: fc.record(
      {
        command: words,
        lines: fc.integer({ min: 1, max: 1000 }),
        environment: fc.dictionary(name, words, { maxKeys: 2, noNullPrototype: true }),
      },
      { requiredKeys: ['command'] },
    ),
    name: words,
    if: fc.constantFrom('true', '${{ run.job != "" }}'),
    target,
    timeout: duration,
    retry: fc
      .record(
        {
          attempts: fc.integer({ min: 1, max: 100 }),
          delay: fc.constant('1s'),
          backoff: fc.constantFrom(1, 1.5, 3),
          max_delay: duration,
          on: fc.uniqueArray(fc.constantFrom('connection', 'timeout', 'exit_code'), { maxLength: 3 }),
        },
        { requiredKeys: ['attempts', 'max_delay'] },
      )
      .map((retry) => ({ ...retry, max_delay: '1h' })),
    continue_on_failure: fc.boolean(),
    on_error: fc.constantFrom('fail', 'wait'),
    outputs: fc.constant({ code: '${{ result.exit_code }}' }),
    secrets: fc.constant({ DB_PASSWORD: 'db-prod.password' }),
    priority: fc.integer({ min: 1, max: 10 }),
    enabled: fc.boolean(),
  },
  { requiredKeys: ['type', 'config'] },
) as fc.Arbitrary<Omit<StepDefinition, 'id' | 'needs'>>;

/** Steps with ids, each needing some of those before it, or none said. */
const steps: fc.Arbitrary<readonly StepDefinition[]> = fc
  .array(fc.tuple(step, fc.option(fc.array(fc.nat(1000), { maxLength: 4 }), { nil: undefined })), { minLength: 1, maxLength: 8 })
  .map((all) =>
    all.map(([body, needs], at) => ({
      id: `s${at}`,
      ...body,
      ...(needs && { needs: at === 0 ? [] : [...new Set(needs.map((need) => `s${need % at}`))] }),
    })),
  );

/** Definitions without a fault, against the test step types. */
export const definitions: fc.Arbitrary<JobDefinition> = fc.record(
  {
    name,
    title: words,
    description: words,
    category: words,
    tags: fc.uniqueArray(words, { maxLength: 3 }),
    timezone: fc.constantFrom('Europe/Berlin', 'UTC', 'America/Santiago'),
    priority: fc.integer({ min: 1, max: 10 }),
    parameters: fc.constant({ site: { type: 'string', enum: ['ber', 'fra'] }, count: { type: 'integer', default: 2, minimum: 1 } }),
    limits: fc.record({ timeout: duration }),
    target,
    steps,
    outputs: fc.constant({ last: '${{ steps.s0.status }}' }),
  },
  { requiredKeys: ['name', 'steps'] },
) as fc.Arbitrary<JobDefinition>;
