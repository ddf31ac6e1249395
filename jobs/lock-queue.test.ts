import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ON_CONFLICT, type OnConflict } from './definition-words.ts';
import { type Claim, grantable, inLine, inOrder, isSame, isStuck, type Owner, runOf, verdictOn, type Wait } from './lock-queue.ts';

const claim = (run: string, over: Partial<Claim> = {}): Claim => ({ run, step: '', priority: 5, since: 0, max: 1, ...over });
const standing = (holders: readonly Claim[], over: Partial<Parameters<typeof verdictOn>[0]> = {}) => ({
  claim: claim('new', { since: 10 }),
  holders,
  ahead: 0,
  above: [],
  isStuck: false,
  ...over,
});

describe('who asks for a key that is taken', () => {
  test.each<[OnConflict, object]>([
    ['queue', { outcome: 'queued', position: 1, cancel: [] }],
    ['skip', { outcome: 'skip' }],
    ['cancel_new', { outcome: 'cancel' }],
    ['fail', { outcome: 'fail' }],
    ['cancel_running', { outcome: 'queued', position: 1, cancel: [claim('old')] }],
  ])('with %s', (onConflict, verdict) => {
    expect(verdictOn(standing([claim('old')]), onConflict)).toEqual(verdict);
  });

  test.each(ON_CONFLICT)('has it, whatever it wished for with %s, once it is among the holders', (onConflict) => {
    expect(verdictOn(standing([claim('old'), claim('new', { since: 10 })]), onConflict)).toEqual({ outcome: 'granted' });
  });

  test('stands behind those who go before it', () => {
    expect(verdictOn(standing([claim('old')], { ahead: 4 }), 'queue')).toMatchObject({ position: 5 });
  });

  test('cancels neither a run that asked later nor its own', () => {
    const holders = [claim('later', { since: 11 }), claim('new', { step: 'a', since: 3 }), claim('old', { since: 10 })];
    expect(verdictOn(standing(holders), 'cancel_running')).toMatchObject({ cancel: [claim('old', { since: 10 })] });
  });

  test('never gets it from a run whose work it is, and is told which', () => {
    const parent = claim('parent');
    expect(verdictOn(standing([claim('old'), parent], { above: [runOf('parent')] }), 'queue')).toEqual({
      outcome: 'reentry',
      holder: parent,
    });
    expect(verdictOn(standing([claim('parent', { step: 'other' })], { above: [runOf('parent')] }), 'queue')).toMatchObject({
      outcome: 'queued',
    });
  });

  test('never gets it when all who hold it wait for its run', () => {
    expect(verdictOn(standing([claim('old')], { isStuck: true }), 'queue')).toEqual({ outcome: 'deadlock', holder: claim('old') });
  });

  const waits = (owner: string, ...holders: readonly string[]): Wait => ({ owner: runOf(owner), holders: holders.map(runOf) });
  test.each([
    ['a holder that waits for nothing', [waits('a', 'b')], false],
    ['two that wait for each other', [waits('a', 'b'), waits('b', 'a')], true],
    ['one of two holders that is free', [waits('a', 'b', 'c'), waits('b', 'a')], false],
    ['two holders of which each waits for it', [waits('a', 'b', 'c'), waits('b', 'a'), waits('c', 'a')], true],
    ['others that wait for each other', [waits('a', 'b'), waits('b', 'c'), waits('c', 'b')], true],
    ['a run of which one step is free and one is not', [waits('a', 'b'), waits('b', 'c'), waits('b', 'a')], true],
  ])('is stuck or not: %s', (_, all, stuck) => {
    expect(isStuck(runOf('a'), all)).toBe(stuck);
  });
});

describe('the line', () => {
  test('goes by priority, then by time, then by name', () => {
    const line = [claim('d', { priority: 1, since: 9 }), claim('b', { since: 1 }), claim('a', { since: 2 }), claim('c', { since: 2 })];
    expect([...line].reverse().sort(inLine)).toEqual(line);
  });

  test.each([
    [0, [1, 1], 1],
    [1, [1, 5], 0],
    [1, [3, 3, 3], 2],
    [0, [2, 1, 2], 1],
    [0, [], 0],
  ])('with %i holders and claims of at most %j lets %i in, and nobody past one who must wait', (holders, line, granted) => {
    expect(
      grantable(
        holders,
        line.map((max) => ({ max })),
      ),
    ).toBe(granted);
  });
});

/** What Postgres does, in memory: claims by key, one change at a time. */
class Keys {
  readonly claims = new Map<string, { holders: Claim[]; waiters: Claim[] }>();

  line(key: string) {
    const line = this.claims.get(key) ?? { holders: [], waiters: [] };
    this.claims.set(key, line);
    return line;
  }

  ask(key: string, own: Claim, onConflict: OnConflict): string {
    const line = this.line(key);
    const known = [...line.holders, ...line.waiters].find((one) => isSame(one, own));
    if (!known) line.waiters.push(own);
    this.moveUp(key);
    line.waiters.sort(inLine);
    const ahead = line.waiters.findIndex((one) => isSame(one, own));
    const above = own.step === '' ? [] : [runOf(own.run)];
    const { outcome } = verdictOn(
      { claim: known ?? own, holders: line.holders, ahead, above, isStuck: isStuck(own, this.#waits()) },
      onConflict,
    );
    if (outcome !== 'granted' && outcome !== 'queued') line.waiters = line.waiters.filter((one) => !isSame(one, own));
    return outcome;
  }

  free(isMine: (one: Claim) => boolean): void {
    for (const [key, line] of this.claims) {
      line.holders = line.holders.filter((one) => !isMine(one));
      line.waiters = line.waiters.filter((one) => !isMine(one));
      this.moveUp(key);
    }
  }

  moveUp(key: string): void {
    const line = this.line(key);
    line.waiters.sort(inLine);
    const granted = grantable(line.holders.length, line.waiters);
    for (const one of line.waiters.slice(0, granted)) {
      expect(line.waiters.every((other) => inLine(one, other) <= 0 || line.holders.includes(other))).toBe(true);
      line.holders.push(one);
      line.waiters = line.waiters.filter((other) => other !== one);
    }
    for (const one of line.holders.slice(-1)) if (granted > 0) expect(line.holders.length).toBeLessThanOrEqual(one.max);
  }

  holds(key: string, own: Owner): boolean {
    return this.line(key).holders.some((one) => isSame(one, own));
  }

  /** What someone waits for, and all others too; a run waits with its steps. */
  #waits(): readonly Wait[] {
    const all = [...this.claims.values()].flatMap(({ holders, waiters }) => waiters.map(({ run, step }) => ({ run, step, holders })));
    return all.flatMap(({ run, step, holders }) => [
      { owner: { run, step }, holders },
      ...(step === '' ? [] : [{ owner: runOf(run), holders }]),
    ]);
  }
}

interface Script {
  readonly priority: number;
  readonly own: readonly string[];
  readonly steps: readonly (readonly string[])[];
}
const keys = fc.uniqueArray(fc.constantFrom('a', 'b', 'c'), { maxLength: 3 });
const script: fc.Arbitrary<Script> = fc.record({
  priority: fc.integer({ min: 1, max: 10 }),
  own: keys,
  steps: fc.array(keys, { minLength: 1, maxLength: 3 }),
});

/** What a run or step still has to take, in the one order; it works once it has all of it. */
interface Player {
  readonly own: Claim;
  readonly wanted: readonly string[];
  state: 'asleep' | 'taking' | 'working' | 'over';
}

test('whatever is asked for in whatever order, no key has too many holders, all end, and nobody waits for ever', () => {
  const maxOf = { a: 1, b: 2, c: 1 } as const;
  fc.assert(
    fc.property(
      fc.array(script, { minLength: 1, maxLength: 5 }),
      fc.array(fc.nat(), { minLength: 1, maxLength: 40 }),
      (scripts, choices) => {
        const all = new Keys();
        const players: Player[] = scripts.flatMap(({ priority, own, steps }, at) => {
          const player = (step: string, wanted: readonly string[], state: Player['state']): Player => ({
            own: claim(`r${at}`, { step, priority, since: at }),
            wanted: inOrder(wanted),
            state,
          });
          return [player('', own, 'taking'), ...steps.map((wanted, n) => player(`s${n}`, wanted, 'asleep'))];
        });
        const stepsOf = (run: Player) => players.filter(({ own }) => own.run === run.own.run && own.step !== '');
        const moves = (): readonly (() => void)[] => players.flatMap((player) => moveOf(player) ?? []);
        const moveOf = (player: Player): (() => void) | null => {
          if (player.state === 'taking') return takeNext(player);
          const isDone = player.own.step !== '' || stepsOf(player).every(({ state }) => state === 'over');
          return player.state === 'working' && isDone ? () => end(player) : null;
        };
        const takeNext = (player: Player): (() => void) | null => {
          const next = player.wanted.find((key) => !all.holds(key, player.own));
          if (next === undefined) return () => begin(player);
          return all.line(next).waiters.some((one) => isSame(one, player.own)) ? null : () => take(player, next);
        };
        const begin = (player: Player) => {
          player.state = 'working';
          if (player.own.step === '') for (const step of stepsOf(player)) step.state = 'taking';
        };
        const take = (player: Player, key: string) => {
          const outcome = all.ask(key, { ...player.own, max: maxOf[key as keyof typeof maxOf] }, 'queue');
          if (outcome !== 'granted' && outcome !== 'queued') end(player);
        };
        const end = (player: Player) => {
          player.state = 'over';
          all.free((one) => isSame(one, player.own));
        };
        for (let turn = 0; turn < 2_000; turn += 1) {
          const possible = moves();
          if (possible.length === 0) break;
          possible[(choices[turn % choices.length] ?? 0) % possible.length]?.();
          for (const [key, { holders }] of all.claims) expect(holders.length).toBeLessThanOrEqual(maxOf[key as keyof typeof maxOf]);
        }
        expect(players.filter(({ state, own }) => state !== 'over' && !(state === 'asleep' && isRefused(own.run)))).toEqual([]);
        function isRefused(run: string): boolean {
          return players.some(({ own, state }) => own.run === run && own.step === '' && state === 'over');
        }
      },
    ),
    { numRuns: 300 },
  );
});
