import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ApprovalConfig, type ApprovalHold, approvalKind, askApproval, refuseAnswer, type Verdict, withAnswer } from './approval.ts';

const asked = (config: ApprovalConfig = {}, interested: readonly string[] = ['ann']): ApprovalHold => {
  const move = askApproval(config, 1000, interested);
  if (move.to !== 'hold' || move.hold.kind !== 'approval') throw new Error('it asks');
  return move.hold;
};
const by = (actor: string, ...others: readonly string[]) => ({ actor, names: [actor, ...others] });
const answered = (hold: ApprovalHold, actor: string, decision: Verdict = 'approved', form = {}): ApprovalHold =>
  withAnswer(hold, { actor, decision, comment: decision === 'rejected' ? 'no' : null, form, at: 1500 });
const move = (hold: ApprovalHold, now = 1500) => approvalKind.move(hold, now);

describe('who may answer', () => {
  test.each<[string, ApprovalConfig, ReturnType<typeof by>, string | null]>([
    ['anybody, where nobody is named', {}, by('bob'), null],
    ['whoever is named', { approvers: ['bob'] }, by('bob'), null],
    ['whoever is in a named group', { approvers: ['netops'] }, by('bob', 'netops'), null],
    ['whoever has a named role', { approvers: ['role:admin'] }, by('bob', 'role:admin'), null],
    [
      'nobody else',
      { approvers: ['netops', 'role:admin'] },
      by('eve', 'role:operator'),
      'eve is none of those who are asked: netops, role:admin',
    ],
    ['not whoever started the run', {}, by('ann'), 'ann started this run or wrote what it runs, and so may not answer for it'],
    [
      'not even when he is named',
      { approvers: ['ann'] },
      by('ann'),
      'ann started this run or wrote what it runs, and so may not answer for it',
    ],
    ['unless the step lets him', { approvers: ['ann'], allow_self: true }, by('ann'), null],
  ])('%s', (_, config, person, refused) => {
    expect(refuseAnswer(asked(config), person, 'approved', null)?.message ?? null).toBe(refused);
  });

  test('one who was escalated to may answer, and before that not', () => {
    const hold = asked({ approvers: ['netops'], escalation: [{ after: '1s', to: ['boss'] }] });
    expect(refuseAnswer(hold, by('boss'), 'approved', null)?.why).toBe('forbidden');
    const later = move(hold, 2000);
    expect(later).toMatchObject({ to: 'hold', notices: [{ kind: 'escalation', number: 1, to: ['boss'] }] });
    if (later?.to !== 'hold' || later.hold.kind !== 'approval') throw new Error('it waits on');
    expect(refuseAnswer(later.hold, by('boss'), 'approved', null)).toBeNull();
  });
});

describe('which answers are taken', () => {
  const form = { type: 'object', required: ['n'], properties: { n: { type: 'integer' }, why: { type: 'string', default: 'because' } } };
  test.each([
    ['a form filled in', { n: 1 }, []],
    ['a field missing', {}, ['/form/n']],
    ['a wrong value', { n: 'x' }, ['/form/n']],
    ['a field nobody asked for', { n: 1, m: 2 }, ['/form/m']],
  ])('%s', (_, given, pointers) => {
    const refusal = refuseAnswer(asked({ form }), by('bob'), 'approved', given);
    expect(refusal?.problems?.map(({ pointer }) => pointer) ?? []).toEqual(pointers);
    expect(refusal?.why).toBe(pointers.length > 0 ? 'invalid_input' : undefined);
  });
  test('a rejection needs no form', () => expect(refuseAnswer(asked({ form }), by('bob'), 'rejected', null)).toBeNull());
  test('a default stands for what is left out', () =>
    expect(move(answered(asked({ form }), 'bob', 'approved', { n: 1 }))).toMatchObject({ result: { form: { n: 1, why: 'because' } } }));
  test('none twice by one person, and none after the decision', () => {
    const once = answered(asked({ count: 2 }), 'bob');
    expect(refuseAnswer(once, by('bob'), 'rejected', null)).toEqual({ why: 'illegal_move', message: 'bob has approved already' });
    expect(refuseAnswer(answered(once, 'eve'), by('joe'), 'approved', null)?.message).toBe('it has been decided already');
  });
});

describe('what becomes of it', () => {
  test('it completes once enough have approved', () => {
    const hold = answered(asked({ count: 2 }), 'bob');
    expect(move(hold)).toBeNull();
    expect(move(answered(hold, 'eve'))).toMatchObject({ to: 'complete', result: { decision: 'approved', expired: false } });
  });
  test('it fails by the first rejection, with its words', () =>
    expect(move(answered(asked(), 'bob', 'rejected'))).toMatchObject({
      to: 'fail',
      error: { type: 'policy', message: 'rejected by bob: no' },
    }));
  test.each([
    ['fail', { to: 'fail', error: { type: 'timeout', message: 'only 1 of 2 needed approvals came in time' } }],
    ['reject', { to: 'fail', error: { type: 'policy', message: 'rejected, since only 1 of 2 needed approvals came in time' } }],
    ['approve', { to: 'complete', result: { decision: 'approved', expired: true } }],
    ['skip', { to: 'skip', reason: 'expired' }],
  ] as const)('out of time: %s', (on_timeout, expected) => {
    const hold = answered(asked({ count: 2, timeout: '10s', on_timeout }), 'bob');
    expect(move(hold, 10_999)).toBeNull();
    expect(move(hold, 11_000)).toMatchObject(expected);
  });
  test('reminders that fell due while nobody decided are one', () => {
    const late = move(asked({ reminder: '1s', approvers: ['x'] }), 4500);
    expect(late).toMatchObject({ to: 'hold', notices: [{ kind: 'reminder', number: 3, to: ['x'] }], hold: { reminded: 3 } });
  });
});

test('it never waits on at the moment it named itself, and always comes to an end where it has a limit', () => {
  const durations = fc.constantFrom('1ms', '700ms', '1s', '90s', '1h');
  const configs = fc.record(
    {
      timeout: durations,
      on_timeout: fc.constantFrom('fail', 'reject', 'approve', 'skip'),
      reminder: durations,
      approvers: fc.constant(['a']),
      escalation: fc.array(fc.record({ after: durations, to: fc.constant(['b']) }), { maxLength: 3 }),
    },
    { requiredKeys: ['timeout', 'approvers'] },
  );
  fc.assert(
    fc.property(configs, (config) => {
      let hold = asked(config);
      for (let turn = 0; ; turn += 1) {
        const moment = approvalKind.moment(hold);
        if (moment === null) throw new Error('it has a limit');
        expect(move(hold, moment - 1)).toBeNull();
        const next = move(hold, moment);
        if (next === null) throw new Error('it waits on');
        if (next.to !== 'hold') return;
        expect(next.notices?.length).toBeGreaterThan(0);
        if (next.hold.kind !== 'approval' || turn > 100) throw new Error('it goes round in circles');
        hold = next.hold;
      }
    }),
  );
});
