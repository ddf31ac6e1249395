import { expect, test } from 'vitest';
import { PERMISSIONS, permissionsOf } from './permissions.ts';

test('each role holds what the one before it holds', () => {
  const [viewer, operator, admin] = (['viewer', 'operator', 'admin'] as const).map((role) => permissionsOf([role]));
  expect(operator).toEqual(expect.arrayContaining([...(viewer ?? [])]));
  expect(admin).toEqual(PERMISSIONS);
});

test('a viewer changes nothing but their own account and tokens', () => {
  expect(permissionsOf(['viewer']).filter((permission) => !permission.endsWith(':read'))).toEqual(['account:own', 'token:own']);
});

test('an operator runs and steers, and edits nothing', () => {
  const held = permissionsOf(['operator']);
  expect(held).toEqual(expect.arrayContaining(['run:start', 'run:cancel', 'run:steer']));
  expect(held.filter((permission) => permission.endsWith(':edit') || permission === 'run:delete')).toEqual([]);
});
