import type { Config } from '../config.ts';

/** The folders of log files, each with what it is for. */
export const LOG_CLASSES = ['timezones', 'runs', 'performance', 'audit', 'system'] as const;
export type LogClass = (typeof LOG_CLASSES)[number];

/** How long files of a class are kept, and how much of them. */
export interface KeepPolicy {
  readonly keepMs: number;
  /** Null: no limit. */
  readonly maxBytes: number | null;
}

const DAY = 86_400_000;
const AGES: { readonly [unit: string]: number } = { d: DAY, w: 7 * DAY, y: 365.25 * DAY };
const SIZES: { readonly [unit: string]: number } = { B: 1, K: 1024, M: 1024 ** 2, G: 1024 ** 3, T: 1024 ** 4 };

/** An age such as `30d`, `8w` or `7y` in milliseconds, a size such as `20M` in bytes; as the settings have checked them. */
export const ageOf = (text: string): number => amountOf(text, AGES);
export const sizeOf = (text: string): number => amountOf(text, SIZES);

function amountOf(text: string, units: { readonly [unit: string]: number }): number {
  const unit = units[text.slice(-1)];
  if (unit === undefined) throw new Error(`${text}: expected a number and one of ${Object.keys(units).join(', ')}`);
  return Number(text.slice(0, -1)) * unit;
}

/** What the settings say of each class. */
export const keepPolicies = (logging: Config['logging']): { readonly [name in LogClass]: KeepPolicy } => ({
  timezones: policy(logging.keep_timezones, logging.limit_timezones),
  runs: policy(logging.keep_runs, logging.limit_runs),
  performance: policy(logging.keep_performance, logging.limit_performance),
  audit: policy(logging.keep_audit, logging.limit_audit),
  system: policy(logging.keep_system, logging.limit_system),
});

const policy = (keep: string, limit: string | undefined): KeepPolicy => ({
  keepMs: ageOf(keep),
  maxBytes: limit === undefined ? null : sizeOf(limit),
});
