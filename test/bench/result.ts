import { readFile, writeFile } from 'node:fs/promises';
import { arch, cpus, platform, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Spread } from './measure.ts';

/** One line of the table: what was measured, against what, and whether that is good enough. */
export interface Finding {
  readonly what: string;
  readonly capstan: Spread;
  readonly unit: 'ms' | 'MB' | '/s' | 'processes';
  /** Null where there is nothing to compare with. */
  readonly against: (Spread & { readonly name: string }) | null;
  /** Capstan over the other, or apart from it, from pairs of rounds; in words that name the unit. */
  readonly verdict: string;
  /** Null for what is only shown. */
  readonly goal: { readonly words: string; readonly met: boolean } | null;
}

export interface BenchResult {
  readonly machine: string;
  readonly measured_at: string;
  readonly rounds: number;
  readonly findings: readonly Finding[];
}

const fileOf = (bench: string): string => fileURLToPath(new URL(`results/${bench}.json`, import.meta.url));

/** Keeps what a benchmark found, with where and when. */
export async function keepResult(bench: string, rounds: number, findings: readonly Finding[]): Promise<void> {
  const model = cpus()[0]?.model.trim() ?? 'unknown processor';
  const memory = Math.round(totalmem() / 2 ** 30);
  const result: BenchResult = {
    machine: `${cpus().length} shared cores of ${model}, ${memory} GiB, ${platform()} ${arch()}, Node ${process.versions.node}`,
    measured_at: new Date().toISOString(),
    rounds,
    findings,
  };
  await writeFile(fileOf(bench), `${JSON.stringify(result, null, 2)}\n`);
}

/** What a benchmark found when it last ran; null before that. */
export async function readResult(bench: string): Promise<BenchResult | null> {
  try {
    return JSON.parse(await readFile(fileOf(bench), 'utf8')) as BenchResult;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}
