import { expect, test } from 'vitest';
import { zoneData } from '#platform/zone-data.ts';
import { ruleOf } from '../schedules/rule.ts';
import { candidates } from './candidates.ts';
import { namedWall } from './named-wall.ts';

test.each(['Europe/Berlin', 'Australia/Lord_Howe', 'America/Santiago', 'Asia/Kolkata'])(
  'what a rule names is told from its moments alone, over all changes of the clocks of %s',
  (name) => {
    const zone = zoneData().zone(name);
    if (!zone) throw new Error(name);
    const span = { from: Date.parse('2026-06-01'), to: Date.parse('2028-06-01') };
    for (const dst of [{}, { gap: 'skip', fold: 'both' }] as const) {
      const found = [...candidates(ruleOf({ name: 'a', job: 'a', cron: '*/15 0-3,23 * * *', timezone: name, dst }), zone, span, [])];
      expect(found.map(({ at, marks }) => namedWall(at, marks, zone))).toEqual(found.map(({ wall }) => wall));
    }
    expect(namedWall(span.from, ['deferred'], zone)).toBeNull();
  },
);
