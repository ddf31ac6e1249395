import { expect, test } from 'vitest';
import { countLoginAttempts } from './login-attempts.ts';

test('ten failures close the door for that user and address only, until five minutes have passed', () => {
  let now = 0;
  const attempts = countLoginAttempts(() => now);
  for (let i = 0; i < 10; i++) {
    expect(attempts.waitFor('ann', '10.0.0.1')).toBe(0);
    attempts.failed('ann', '10.0.0.1');
  }
  expect(attempts.waitFor('ann', '10.0.0.1')).toBe(300);
  expect(attempts.waitFor('Ann', '10.0.0.1')).toBe(300);
  expect(attempts.waitFor('ann', '10.0.0.2')).toBe(0);
  expect(attempts.waitFor('bob', '10.0.0.1')).toBe(0);
  now = 300_000;
  expect(attempts.waitFor('ann', '10.0.0.1')).toBe(0);
});

test('a hundred failures close the door for the whole address, whatever the names', () => {
  const attempts = countLoginAttempts(() => 0);
  for (let i = 0; i < 100; i++) attempts.failed(`user-${i}`, '10.0.0.1');
  expect(attempts.waitFor('someone-else', '10.0.0.1')).toBeGreaterThan(0);
  expect(attempts.waitFor('someone-else', '10.0.0.2')).toBe(0);
});

test('a success forgets the failures before it', () => {
  const attempts = countLoginAttempts(() => 0);
  for (let i = 0; i < 9; i++) attempts.failed('ann', 'a');
  attempts.succeeded('ann', 'a');
  attempts.failed('ann', 'a');
  expect(attempts.waitFor('ann', 'a')).toBe(0);
});
