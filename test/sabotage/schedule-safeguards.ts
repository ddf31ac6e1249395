import { pure, real, type Sabotage } from './sabotage.ts';

/** Safeguards of time zones, schedules and what they start. */
export const SCHEDULE_SABOTAGES: readonly Sabotage[] = [
  {
    safeguard: 'zone data',
    broken: 'the clocks of a zone stand still after the last transition of its table',
    file: 'jobs/zones/tzif.ts',
    from: 'if (moment >= last && rule !== null) {',
    to: 'if (moment === Infinity && rule !== null) {',
    red: pure('jobs/zones/tzif.test.ts', 'and for ever'),
  },
  {
    safeguard: 'zone data',
    broken: 'another release of the zone data is taken up by whoever only looks at it',
    file: 'platform/zone-data/update.ts',
    from: 'if (values.apply) apply();',
    to: 'apply();',
    red: pure('platform/zone-data/zone-data.test.ts', 'is compared zone by zone, and not taken up unasked'),
  },
  {
    safeguard: 'zone data',
    broken: 'a wall time that comes twice is answered with its second moment',
    file: 'jobs/zones/wall.ts',
    from: '.sort((a, b) => a - b);',
    to: '.sort((a, b) => b - a);',
    red: pure('jobs/local-time.test.ts', 'the first of two in autumn'),
  },
  {
    safeguard: 'zone data',
    broken: 'workflow code carries zone data of its own, which would change under runs that replay',
    file: 'workflows/steps/wait.ts',
    from: "import type { ConfigOf } from '#jobs/step.ts';\n",
    to: "import type { ConfigOf } from '#jobs/step.ts';\nimport { ZONE_NAMES } from '#jobs/zones/names.ts';\n\nvoid ZONE_NAMES;\n",
    red: real('worker/bundle.real.test.ts', 'knows no zone'),
  },
];
