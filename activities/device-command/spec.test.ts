import { expect, test } from 'vitest';
import { compile } from '#jobs/compile.ts';
import { validateDefinition } from '#jobs/definition.ts';
import type { JsonObject } from '#jobs/json.ts';
import { deviceCommand } from './spec.ts';

const SPECS = { 'device.command': deviceCommand };

const checked = (config: JsonObject, secrets: JsonObject = {}) =>
  validateDefinition({ name: 'x', steps: [{ id: 'a', type: 'device.command', target: 'edge1', config, secrets }] }, SPECS);
const problems = (config: JsonObject, secrets: JsonObject = {}) =>
  checked(config, secrets).problems.map(({ pointer, message }) => `${pointer}: ${message}`);

test('commands may be repeated, lines of configuration never', () => {
  const planned = (config: JsonObject) => {
    const { definition } = checked(config);
    return definition === null ? null : compile(definition, SPECS).steps[0];
  };
  expect(planned({ commands: ['show version'] })).toMatchObject({ effect: 'idempotent' });
  const configured = planned({ config_lines: ['router bgp 65001'] });
  expect(configured).toMatchObject({ effect: 'at-most-once' });
  expect(configured?.retry.on).toEqual(['connection']);
});

test.each([
  ['neither commands nor lines', {}, /\/config/],
  ['both', { commands: ['a'], config_lines: ['b'] }, /\/config/],
  ['a command with a tab', { commands: ['show\tversion'] }, /commands\/0: .*one line without tabs/],
  ['a time that is none', { commands: ['a'], timeout: 'soon' }, /timeout: .*is not a duration/],
  ['an answer without a question', { commands: ['a'], expect: [{ answer: 'y' }] }, /expect\/0/],
  ['a field that is none', { command: 'a' }, /command/],
])('%s is refused with its place', (_what, config, message) => {
  expect(problems(config).join('\n')).toMatch(message);
});

test('a secret that a line or an answer names must be bound', () => {
  const config = { config_lines: ['a', { line: 'b', secret: 'KEY' }], expect: [{ question: 'q', secret: 'ANSWER' }] };
  expect(problems(config)).toEqual([
    expect.stringMatching(/^\/steps\/0\/config\/config_lines\/1\/secret: .*"KEY" is a secret that the step does not bind; write secrets: /),
    expect.stringMatching(/^\/steps\/0\/config\/expect\/0\/secret: /),
  ]);
  expect(problems(config, { KEY: 'peers.password', ANSWER: 'peers.password' })).toEqual([]);
});

test('values of a run may stand in commands', () => {
  expect(problems({ commands: ['show bgp neighbors ${{ run.id }}'] })).toEqual([]);
});
