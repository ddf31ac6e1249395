import { seenSchedule } from '#jobs/schedules/context.ts';
import { evaluate } from './evaluate.ts';
import { runScope } from './types.ts';
import type { Variables } from './variables.ts';

/** What the expressions of the tests in this folder may see. */
export const scope = runScope(
  {
    n: { type: 'integer' },
    ratio: { type: 'number' },
    on: { type: 'boolean' },
    site: { type: 'string', enum: ['ber', 'fra'] },
    text: { type: 'string' },
    tags: { type: 'array', items: { type: 'string' } },
    ports: { type: 'array', items: { type: 'integer' } },
    hosts: { type: 'array', items: { type: 'object', properties: { name: { type: 'string' }, port: { type: 'integer' } } } },
    labels: { type: 'object', additionalProperties: { type: 'string' } },
    any: {},
    unset: { type: 'string' },
  },
  { show: { type: 'object', properties: { exit_code: { type: 'integer' }, stdout: { type: 'string' }, body: {} } }, 'my-step': {} },
);

/** A run that fits it. */
export const variables: Variables = {
  parameters: {
    n: 7,
    ratio: 2.5,
    on: true,
    site: 'ber',
    text: 'Grüße 😀 aus Fra',
    tags: ['core', 'edge'],
    ports: [22, 443],
    hosts: [
      { name: 'a', port: 22 },
      { name: 'b', port: 443 },
    ],
    labels: { role: 'router', constructor: 'x' },
    any: { deep: [1, { x: null }] },
  },
  steps: {
    show: { status: 'completed', outputs: { exit_code: 0, stdout: 'up 3 days', body: { version: '1.2' } } },
    'my-step': { status: 'skipped', outputs: {} },
  },
  run: { id: 'r1', job: 'edge', started_at: '2026-08-10T02:30:15.25Z' },
  target: 'core-fra',
  schedule: seenSchedule({
    name: 'nightly',
    nominal_time: '2026-08-10T02:30:00.000Z',
    local_time: '2026-08-10T04:30:00+02:00',
    zone: 'Europe/Berlin',
    previous: '2026-08-09T02:30:00.000Z',
    next: null,
    trigger: 'catchup',
  }),
};

/** The failure an expression ends with, or what it gave instead. */
export const failureOf = (source: string): string => {
  try {
    return `gave ${JSON.stringify(evaluate(source, variables))}`;
  } catch (error) {
    return String(error);
  }
};
