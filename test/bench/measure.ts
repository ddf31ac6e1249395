/** The middle value, and the range around it. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** Minimum, median and maximum of the values, rounded to a hundredth. */
export function spread(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (index: number): number => Math.round((sorted[index] ?? Number.NaN) * 100) / 100;
  return { median: at(Math.floor(sorted.length / 2)), min: at(0), max: at(sorted.length - 1) };
}

export interface Arm {
  readonly name: string;
  /** Does the work once; resolves with milliseconds. */
  readonly once: () => Promise<number>;
}

/** Runs all arms in turn, each round starting with another one, so that a change of the machine's speed meets all alike; answers with each arm's times. */
export async function alternate(arms: readonly Arm[], rounds: number, warmups = 3): Promise<ReadonlyMap<string, readonly number[]>> {
  const times = new Map<string, number[]>(arms.map(({ name }) => [name, []]));
  for (let round = -warmups; round < rounds; round += 1) {
    for (let turn = 0; turn < arms.length; turn += 1) {
      const arm = arms[(turn + Math.max(0, round)) % arms.length];
      if (!arm) continue;
      const took = await arm.once();
      if (round >= 0) times.get(arm.name)?.push(took);
    }
  }
  return times;
}

/** The median of the ratios, pair by pair in the order measured: what drifts for one arm drifts for the other. */
export function pairedRatio(over: readonly number[], under: readonly number[]): number {
  return spread(over.map((value, index) => value / (under[index] ?? Number.NaN))).median;
}
