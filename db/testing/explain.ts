import type { Queryable, Sql } from '../client.ts';

class TakenBack extends Error {}

/** Carries out a query that sends one statement, and answers with the plan Postgres followed and what each part really did, line by line. */
export const explain = async (sql: Sql, ask: (sql: Queryable) => Promise<unknown>): Promise<readonly string[]> => {
  const { text, parameters, types } = await statementOf(sql, ask);
  const lines = await sql.unsafe<{ 'QUERY PLAN': string }[]>(
    `explain (analyze, timing off, costs off, buffers off) ${text}`,
    parameters.map((value, index) => (types[index] ? sql.typed(value, types[index]) : value)) as never[],
  );
  return lines.map((line) => line['QUERY PLAN']);
};

interface Statement {
  readonly text: string;
  readonly parameters: readonly unknown[];
  readonly types: readonly number[];
}

/** The statement a query sends; what it did is taken back. */
const statementOf = async (sql: Sql, ask: (sql: Queryable) => Promise<unknown>): Promise<Statement> => {
  const sent: Statement[] = [];
  const { options } = sql as unknown as { options: { debug: unknown } };
  const { debug } = options;
  options.debug = (_connection: number, text: string, parameters: unknown[], types: number[]) => {
    if (!/^(begin|rollback)/i.test(text.trim())) sent.push({ text, parameters: [...parameters], types: [...types] });
  };
  try {
    await sql.begin(async (tx) => {
      await ask(tx);
      throw new TakenBack();
    });
  } catch (problem) {
    if (!(problem instanceof TakenBack)) throw problem;
  } finally {
    options.debug = debug;
  }
  const [statement, ...more] = sent;
  if (!statement || more.length > 0) throw new Error(`expected one statement, saw ${sent.length}`);
  return statement;
};

/** The indexes that a plan reads in partitions, by the name they have on the partitioned table; `null` stands for reading a table whole. */
export const indexesUsed = async (sql: Sql, plan: readonly string[]): Promise<readonly (string | null)[]> => {
  const scans = plan.filter(
    (line) => /Scan/.test(line) && / on \w+_\d{4}_\d{2} /.test(`${line} `) && !/never executed|actual rows=0/.test(line),
  );
  const names = scans.map((line) => /using (\S+) on/.exec(line)?.[1] ?? null);
  const rows = await sql<{ child: string; parent: string }[]>`
    select c.relname as child, p.relname as parent
    from pg_inherits i join pg_class c on c.oid = i.inhrelid join pg_class p on p.oid = i.inhparent
    where c.relname = any(${names.filter((name) => name !== null)}::text[])`;
  const parents = new Map(rows.map(({ child, parent }) => [child, parent]));
  return [...new Set(names.map((name) => (name === null ? null : (parents.get(name) ?? name))))].sort();
};
