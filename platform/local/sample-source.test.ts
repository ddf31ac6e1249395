import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { sampleSource } from './sample-source.ts';

const text = readFileSync(new URL('../../examples/first-run.yaml', import.meta.url), 'utf8');

test('the sample is saved with the address and the parts of its own installation, and otherwise as it is', () => {
  const before = parse(text);
  const after = parse(sampleSource(text, 'http://127.0.0.1:8433', true));
  expect(after.parameters.health_url.default).toBe('http://127.0.0.1:8433/healthz');
  expect(after.parameters.sshd_installed.default).toBe(true);
  before.parameters.health_url.default = after.parameters.health_url.default;
  before.parameters.sshd_installed.default = true;
  expect(after).toEqual(before);
});
