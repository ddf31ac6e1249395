import type { Trigger } from '../schema/words.ts';

/** A job of the made-up installation: how often it runs, for whom, where, how long, and how it fails. */
export interface SeededJob {
  readonly name: string;
  readonly tags: readonly string[];
  readonly category: string;
  /** Its share of all runs, against the others'. */
  readonly weight: number;
  readonly clients: readonly string[];
  readonly zone: string;
  readonly targets: readonly string[];
  readonly trigger: Trigger;
  readonly priority: number;
  readonly medianMs: number;
  /** Of a thousand runs, so many end badly. */
  readonly failing: number;
  readonly steps: readonly string[];
  readonly error: string;
}

const AREAS = ['edge', 'core', 'access', 'storage', 'database', 'mail', 'billing', 'backup'] as const;
const DEEDS = ['backup', 'audit', 'rotate', 'sync', 'report'] as const;
const ZONES = ['Europe/Berlin', 'America/New_York', 'Asia/Tokyo', 'UTC', 'America/Sao_Paulo', 'Australia/Sydney'] as const;
const CLIENTS = ['ACME', 'Globex', 'Initech', 'Umbrella', 'Stark', 'Wayne', 'Hooli', 'Tyrell'] as const;
const ERRORS = [
  'connection refused by {target}:22 (attempt 3 of 3)',
  'command ended with 2 on {target}',
  'no answer from {target} within 30s',
  'disk of {target} is 97 % full; at most 95 % is allowed',
] as const;

const pick = <T>(of: readonly [T, ...T[]], at: number): T => of[at % of.length] ?? of[0];

/** Forty jobs, the busiest a hundred times as busy as the quietest. */
export const SEEDED_JOBS: readonly SeededJob[] = AREAS.flatMap((area, row) =>
  DEEDS.map((deed, column) => {
    const at = row * DEEDS.length + column;
    return {
      name: `${area}-${deed}`,
      tags: [area, at % 3 === 0 ? 'nightly' : 'hourly'],
      category: area,
      weight: Math.max(1, Math.round(100 / (1 + at))),
      clients: [pick(CLIENTS, at), pick(CLIENTS, at * 3 + 1)],
      zone: pick(ZONES, at),
      targets: [1, 2, 3, 4].map((n) => `${area}-${n}`),
      trigger: at % 4 === 0 ? 'manual' : 'schedule',
      priority: 1 + (at % 10),
      medianMs: 400 * 2 ** (at % 11),
      failing: 4 + ((at * 7) % 40),
      steps: ['check', 'collect', 'compare', 'store'].slice(0, 1 + (at % 4)),
      error: pick(ERRORS, at),
    };
  }),
);

/** The text of its definition. */
export const sourceOf = (job: SeededJob): string => `name: ${job.name}
description: Made up, as part of an installation that has run for a year
category: ${job.category}
tags: [${job.tags.join(', ')}]
timezone: ${job.zone}
priority: ${job.priority}
steps:
${job.steps.map((id) => `  - { id: ${id}, type: local.exec, config: { command: 'true' } }`).join('\n')}
`;
