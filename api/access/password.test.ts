import { expect, test } from 'vitest';
import { hashPassword, verifyPassword } from './password.ts';

test('a password matches its own hash and no other', async () => {
  const hash = await hashPassword('correct horse');
  expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  expect(await verifyPassword('correct horse', hash)).toBe(true);
  expect(await verifyPassword('correct horsf', hash)).toBe(false);
  expect(await hashPassword('correct horse')).not.toBe(hash);
});

test('the same letters typed on another keyboard are the same password', async () => {
  expect(await verifyPassword('Ko\u0308ln', await hashPassword('K\u00f6ln'))).toBe(true);
});

test('nobody has a password that fits a missing hash', async () => {
  expect(await verifyPassword('', null)).toBe(false);
});

test('many logins at once are all answered', async () => {
  const hash = await hashPassword('a');
  const answers = await Promise.all(Array.from({ length: 8 }, (_, i) => verifyPassword(i % 2 ? 'a' : 'b', hash)));
  expect(answers).toEqual([false, true, false, true, false, true, false, true]);
});
