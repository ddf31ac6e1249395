import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { TriggerDefinition } from './definition.ts';
import { InvalidInput } from './problem.ts';
import { type Arrival, isWanted, joinArrivals, mappedParameters, type SourceRun } from './triggers.ts';

const HOUR = 3_600_000;
const run = (job: string, more: Partial<SourceRun> = {}): SourceRun => ({
  id: `${job}-run`,
  number: 7,
  job,
  status: 'completed',
  parameters: { site: 'ber' },
  outputs: { files: 3 },
  ended_at: '2026-11-22T10:00:00.000Z',
  ...more,
});

/** `a@0` is the end of a run of job a at hour 0. */
const arrivals = (...texts: string[]): readonly Arrival[] =>
  texts.map((id) => {
    const [job = '', hour = ''] = id.split('@');
    return { id, job, at: Number(hour) * HOUR };
  });

const join = { job: ['a', 'b'], within: '2h' } as const satisfies TriggerDefinition;
const idsOf = (ends: readonly Arrival[]) => ends.map(({ id }) => id);

describe('a join', () => {
  test.each([
    { seen: ['a@0'], now: 1, joined: [], unmatched: [], waits: true },
    { seen: ['a@0', 'b@1'], now: 1, joined: [['a@0', 'b@1']], unmatched: [], waits: false },
    { seen: ['b@1', 'a@3'], now: 3, joined: [['a@3', 'b@1']], unmatched: [], waits: false },
    { seen: ['a@0', 'b@2.1'], now: 2.1, joined: [], unmatched: ['a@0'], waits: true },
    { seen: ['a@0'], now: 2.1, joined: [], unmatched: ['a@0'], waits: false },
    { seen: ['a@0', 'a@1', 'b@1'], now: 1, joined: [['a@0', 'b@1']], unmatched: [], waits: true },
    {
      seen: ['a@0', 'a@1', 'b@1', 'b@1.5'],
      now: 2,
      joined: [
        ['a@0', 'b@1'],
        ['a@1', 'b@1.5'],
      ],
      unmatched: [],
      waits: false,
    },
    { seen: ['a@0', 'a@5', 'b@6', 'b@9'], now: 9, joined: [['a@5', 'b@6']], unmatched: ['a@0'], waits: true },
  ])('of a and b within two hours that has seen $seen at $now comes to $joined', ({ seen, now, joined, unmatched, waits }) => {
    const answer = joinArrivals(join, arrivals(...seen), now * HOUR);
    expect(answer.joined.map(idsOf)).toEqual(joined);
    expect(idsOf(answer.unmatched)).toEqual(unmatched);
    expect(answer.nextAt !== null).toBe(waits);
  });

  test('uses each end once, joins only what lies within the window, and says at once what it does with each', () => {
    const arrival = fc.record({ job: fc.constantFrom('a', 'b', 'c'), at: fc.integer({ min: 0, max: 10 * HOUR }) });
    const trigger: TriggerDefinition = { job: ['a', 'b', 'c'], within: '1h' };
    fc.assert(
      fc.property(fc.array(arrival, { maxLength: 40 }), (some) => {
        const seen = some.map((one, at) => ({ ...one, id: `${at}` }));
        const now = Math.max(0, ...seen.map(({ at }) => at));
        const { joined, unmatched, nextAt } = joinArrivals(trigger, seen, now);
        const used = [...joined.flat(), ...unmatched];
        expect(new Set(idsOf(used)).size).toBe(used.length);
        for (const together of joined) {
          expect(together.map(({ job }) => job).sort()).toEqual(['a', 'b', 'c']);
          const ends = together.map(({ at }) => at);
          expect(Math.max(...ends) - Math.min(...ends)).toBeLessThanOrEqual(HOUR);
        }
        expect(nextAt === null).toBe(used.length === seen.length);
        if (nextAt !== null) expect(nextAt).toBeGreaterThan(now);
      }),
    );
  });

  test('comes to the same whatever the order in which its ends are told', () => {
    const seen = arrivals('a@0', 'b@1', 'a@1.5', 'b@5', 'a@5.5', 'a@6');
    fc.assert(
      fc.property(fc.shuffledSubarray([...seen], { minLength: seen.length }), (shuffled) => {
        expect(joinArrivals(join, shuffled, 6 * HOUR)).toEqual(joinArrivals(join, seen, 6 * HOUR));
      }),
    );
  });
});

describe('the expressions of a trigger', () => {
  test.each([
    [undefined, true],
    ['source.status == "completed"', true],
    ['${{ source.outputs.files > 3 }}', false],
    ['source.parameters.site == "ber" && source.number == 7', true],
    ['sources["copy"].outputs.files == 3', true],
  ])('its condition %s is %s', (condition, wanted) => {
    expect(isWanted({ job: 'copy', ...(condition && { if: condition }) }, [run('copy')])).toBe(wanted);
  });

  test('see the run that ended last as source, and each by the name of its job', () => {
    const runs = [run('a', { outputs: { n: 1 } }), run('b', { outputs: { n: 2 } })];
    const parameters = { last: '${{ source.job }}', sum: '${{ sources.a.outputs.n + sources.b.outputs.n }}', plain: [1, 'x'] };
    expect(mappedParameters({ job: ['a', 'b'], parameters }, runs)).toEqual({ last: 'b', sum: 3, plain: [1, 'x'] });
  });

  test('that fail name the place', () => {
    const problems = (work: () => unknown) => {
      try {
        return work();
      } catch (error) {
        if (error instanceof InvalidInput) return error.problems.map(({ pointer }) => pointer);
        throw error;
      }
    };
    expect(problems(() => isWanted({ job: 'a', if: 'source.outputs.missing' }, [run('a')]))).toEqual(['/if']);
    expect(problems(() => isWanted({ job: 'a', if: 'source.number' }, [run('a')]))).toEqual(['/if']);
    const parameters = { site: '${{ source.outputs.missing }}' };
    expect(problems(() => mappedParameters({ job: 'a', parameters }, [run('a')]))).toEqual(['/parameters/site']);
  });
});
