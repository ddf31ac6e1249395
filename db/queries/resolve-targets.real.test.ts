import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TargetChoice } from '#jobs/target-choice.ts';
import { type TestDatabase, testDatabase } from '../testing/database.ts';
import { auditOf } from '../testing/runs.ts';
import { targetValues } from '../testing/targets.ts';
import { resolveTargets, UnknownTargets } from './resolve-targets.ts';
import { saveTarget } from './save-target.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
  const inventory = [
    targetValues('web-1', { tags: ['web', 'edge'], attributes: { site: 'ber', rank: 1 } }),
    targetValues('web-2', { tags: ['web'], attributes: { site: 'fra', rank: 2 }, enabled: false, maintenance: ['sun'] }),
    targetValues('db-1', { tags: ['db', 'edge'], attributes: { site: 'ber', roles: ['primary', 'backup'] } }),
    targetValues('core-1', { kind: 'device', device_type: 'cisco_iosxe', attributes: { site: 'ber' } }),
  ];
  for (const target of inventory) await saveTarget(database.sql, 'default', target, null, auditOf('ann'));
  await saveTarget(database.sql, 'other', targetValues('web-9', { tags: ['web'] }), null, auditOf('ann'));
});
afterAll(() => database.close());

const names = async (choice: TargetChoice) => (await resolveTargets(database.sql, 'default', choice)).map(({ name }) => name);

test.each<[TargetChoice, string[]]>([
  ['web-2', ['web-2']],
  [
    ['web-2', 'db-1', 'web-2'],
    ['db-1', 'web-2'],
  ],
  ['web-*', ['web-1', 'web-2']],
  [{ names: ['*-1'], kind: 'ssh' }, ['db-1', 'web-1']],
  [{ tags: ['web', 'edge'] }, ['web-1']],
  [{ any_tags: ['web', 'db'], not_tags: ['edge'] }, ['web-2']],
  [{ site: 'ber', kind: 'device' }, ['core-1']],
  [{ rank: 1 }, ['web-1']],
  [{ rank: '1' }, ['web-1']],
  [{ site: null }, []],
  [{ names: ['db-1'], tags: ['web'] }, []],
  [{}, ['core-1', 'db-1', 'web-1', 'web-2']],
])('%j chooses %j', async (choice, chosen) => {
  expect(await names(choice)).toEqual(chosen);
});

test('a target that is not enabled is chosen and said to be so, and so is one that has maintenance windows', async () => {
  expect(await resolveTargets(database.sql, 'default', 'web-*')).toEqual([
    { name: 'web-1', enabled: true, windowed: false },
    { name: 'web-2', enabled: false, windowed: true },
  ]);
});

test('a plain name that nobody has is named; another project does not count', async () => {
  await expect(names(['web-1', 'web-9', 'nope'])).rejects.toThrow('there is no target "web-9", "nope"');
  await expect(names({ names: ['nope'] })).rejects.toThrow(UnknownTargets);
});
