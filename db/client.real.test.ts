import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startFaultProxy } from '#test/peers/fault-proxy.ts';
import { connect } from './client.ts';
import { type TestDatabase, testDatabase } from './testing/database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

test('every array column comes back as a list', async () => {
  const known = Object.keys((database.sql.options as unknown as { parsers: object }).parsers);
  const columns = await database.sql<{ place: string; oid: number }[]>`
    select format('%s.%s', table_name, column_name) as place, format('%I.%I', udt_schema, udt_name)::regtype::oid::int as oid
    from information_schema.columns where data_type = 'ARRAY' and table_schema = 'public'`;
  expect(columns.length).toBeGreaterThan(5);
  expect(columns.filter(({ oid }) => !known.includes(String(oid)))).toEqual([]);
});

test('a list goes out and comes back the same, whatever its texts hold', async () => {
  const text = fc.string({ unit: 'binary' }).filter((value) => !value.includes('\0') && value.isWellFormed());
  await fc.assert(
    fc.asyncProperty(fc.array(fc.option(text)), fc.array(fc.option(fc.integer({ min: -9e15, max: 9e15 }))), async (texts, bigints) => {
      const [row] = await database.sql`select ${texts}::text[] as texts, ${bigints}::bigint[] as bigints`;
      expect(row).toEqual({ texts, bigints });
    }),
  );
});

test('lists of every kind we bind keep their values', async () => {
  const values = {
    smallints: [1, -2],
    doubles: [1.5, null],
    nested: [
      ['a', 'b'],
      ['null', ''],
    ],
    uuids: ['018f0000-0000-7000-8000-000000000001'],
    times: ['2026-03-29T01:00:00.000Z'],
    none: [] as string[],
  };
  const [row] = await database.sql`
    select ${values.smallints}::smallint[] as smallints, ${values.doubles}::float8[] as doubles, ${values.nested}::text[] as nested,
      ${values.uuids}::uuid[] as uuids, ${values.times}::timestamptz[] as times, ${values.none}::text[] as none`;
  expect(row).toEqual(values);
});

test('a list with a hole is refused before it is sent', async () => {
  await expect(database.sql`select ${['a', undefined] as string[]}::text[]`).rejects.toThrow(/undefined/);
});

/** A way to the database whose line can be cut. */
async function throughProxy() {
  const address = new URL(database.url);
  const proxy = await startFaultProxy(Number(address.port));
  address.port = String(proxy.port);
  return { proxy, open: () => connect({ url: address.href, max: 1 }) };
}

// What postgres.js throws where nobody can catch it would fail this file: it ends a worker or an API process.
test('a connection cut at any point of its beginning fails the transaction that wanted it, and nothing else', async () => {
  const { proxy, open } = await throughProxy();
  const whole = open();
  await whole.sql.begin((tx) => tx`select 1`);
  const bytes = proxy.relayed.up;
  await whole.close();
  for (let share = 0; share < 1; share += 1 / 8) {
    const before = proxy.connections;
    proxy.cutAfter(bytes * share);
    const cut = open();
    const asked = cut.sql.begin((tx) => tx`select 1 as one`).catch((error: unknown) => error);
    await Promise.race([asked, expect.poll(() => proxy.connections).toBeGreaterThan(before + 1)]);
    proxy.cutAfter(Number.POSITIVE_INFINITY);
    const answer = await asked;
    if (!(answer instanceof Error)) expect(answer).toEqual([{ one: 1 }]);
    await cut.sql.end({ timeout: 0 });
  }
  await proxy.stop();
});

test('a transaction that goes on after its connection was cut is told so, and the pool makes another', async () => {
  const { proxy, open } = await throughProxy();
  const { sql, close } = open();
  const answers: unknown[] = [];
  const done = Promise.withResolvers<void>();
  const whole = sql.begin(async (tx) => {
    await tx`select 1`;
    proxy.cut();
    for (const value of ['a', 'b']) answers.push(await tx`select ${value}::text`.catch((error: unknown) => error));
    done.resolve();
  });
  await expect(whole).rejects.toThrow('CONNECTION_CLOSED');
  await done.promise;
  expect(answers.map((answer) => answer instanceof Error)).toEqual([true, true]);
  expect(await sql`select 1 as one`).toEqual([{ one: 1 }]);
  await close();
  await proxy.stop();
});
