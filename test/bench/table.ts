import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Spread } from './measure.ts';
import { type BenchResult, type Finding, readResult } from './result.ts';

const PAGE = fileURLToPath(new URL('../../docs/benchmarks.md', import.meta.url));
const FROM = '<!-- results: written by `npm run bench`, from test/bench/results -->';
const TO = '<!-- end of results -->';

/** Writes the tables of these benchmarks into docs/benchmarks.md, between its two marks; the words around them stay. */
export async function writeTables(benches: readonly string[]): Promise<void> {
  const results = await Promise.all(benches.map(async (bench) => ({ bench, result: await readResult(bench) })));
  const tables = results.flatMap(({ bench, result }) => (result ? [tableOf(bench, result)] : []));
  const page = await readFile(PAGE, 'utf8');
  const [before, after] = [page.indexOf(FROM), page.indexOf(TO)];
  if (before < 0 || after < before) throw new Error(`${PAGE}: the marks ${FROM} and ${TO} are missing`);
  await writeFile(PAGE, `${page.slice(0, before + FROM.length)}\n\n${tables.join('\n\n')}\n\n${page.slice(after)}`);
}

const tableOf = (bench: string, { machine, measured_at, rounds, findings }: BenchResult): string =>
  [
    `### ${bench}`,
    '',
    `${rounds} rounds on ${machine}; ${measured_at.slice(0, 10)}. Medians, ranges in brackets.`,
    '',
    '| | Capstan | against | verdict | goal | met |',
    '|---|---|---|---|---|---|',
    ...findings.map(rowOf),
  ].join('\n');

const rowOf = ({ what, capstan, against, verdict, goal, unit }: Finding): string =>
  `| ${what} | ${figures(capstan, unit)} | ${against ? `${against.name} ${figures(against, unit)}` : '–'} | ${verdict} | ${goal?.words ?? '–'} | ${goal === null ? '–' : goal.met ? 'yes' : '**no**'} |`;

const figures = ({ median, min, max }: Spread, unit: string): string =>
  min === max ? `${round(median)} ${unit}` : `${round(median)} ${unit} (${round(min)}–${round(max)})`;

const round = (value: number): string => (value >= 100 ? String(Math.round(value)) : value.toFixed(1));
