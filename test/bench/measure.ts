/** The middle value, and the range around it. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** Minimum, median and maximum of the values, rounded to a hundredth. */
export const spread = (values: readonly number[]): Spread => ({
  median: quantile(values, 0.5),
  min: quantile(values, 0),
  max: quantile(values, 1),
});

/** The value below which this share of the values lies, rounded to a hundredth. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const value = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
  return Math.round(value * 100) / 100;
}

export interface Arm {
  readonly name: string;
  /** Does the work once; resolves with milliseconds. */
  readonly once: () => Promise<number>;
}

/** What an arm took, round by round: time on the clock, and processor time of this process, which holds client and worker. */
export interface Taken {
  readonly ms: readonly number[];
  readonly cpuMs: readonly number[];
}

/** Runs all arms in turn, each round starting with another one, so that a change of the machine's speed meets all alike; answers with what each arm took. */
export async function alternate(arms: readonly Arm[], rounds: number, warmups = 3): Promise<(name: string) => Taken> {
  const taken = new Map(arms.map(({ name }) => [name, { ms: [] as number[], cpuMs: [] as number[] }]));
  for (let round = -warmups; round < rounds; round += 1) {
    for (let turn = 0; turn < arms.length; turn += 1) {
      const arm = arms[(turn + Math.max(0, round)) % arms.length];
      if (!arm) continue;
      const before = process.cpuUsage();
      const took = await arm.once();
      const { user, system } = process.cpuUsage(before);
      if (round < 0) continue;
      taken.get(arm.name)?.ms.push(took);
      taken.get(arm.name)?.cpuMs.push((user + system) / 1000);
    }
  }
  return (name) => taken.get(name) ?? { ms: [], cpuMs: [] };
}

/** The median of the ratios, pair by pair in the order measured: what drifts for one arm drifts for the other. */
export const pairedRatio = (over: readonly number[], under: readonly number[]): number =>
  quantile(
    over.map((value, index) => value / (under[index] ?? Number.NaN)),
    0.5,
  );

/** The median of the differences, pair by pair. */
export const pairedDifference = (over: readonly number[], under: readonly number[]): number =>
  quantile(
    over.map((value, index) => value - (under[index] ?? Number.NaN)),
    0.5,
  );
