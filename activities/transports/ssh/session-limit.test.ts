import { describe, expect, test } from 'vitest';
import { SessionLimit } from './session-limit.ts';

function limitOf8() {
  let now = 0;
  const limit = new SessionLimit(8, 15_000, () => now);
  return {
    limit,
    pass: (ms: number) => {
      now += ms;
    },
  };
}

describe('the sessions a host allows on one connection', () => {
  test('are as few as were open when it refused one more and none was closing', () => {
    const { limit } = limitOf8();
    for (const others of [7, 6, 5, 4, 3, 2]) limit.refused(others, 0);
    expect(limit.value).toBe(2);
  });

  test('are no fewer because of a refusal while the host may still count closed ones', () => {
    const { limit } = limitOf8();
    limit.refused(5, 5);
    limit.refused(5, 3);
    expect(limit.value).toBe(8);
  });

  test('are fewer when that repeats, unless one more was granted in between', () => {
    const { limit } = limitOf8();
    for (let times = 0; times < 10; times += 1) {
      limit.refused(5, 5);
      limit.granted(6);
    }
    expect(limit.value).toBe(8);
    for (let times = 0; times < 3; times += 1) {
      limit.refused(5, 5);
      limit.granted(5);
    }
    expect(limit.value).toBe(5);
  });

  test('are never none', () => {
    const { limit } = limitOf8();
    limit.refused(0, 0);
    expect(limit.value).toBe(1);
  });

  test('are tried one more at a time while all is quiet', () => {
    const { limit, pass } = limitOf8();
    limit.refused(2, 0);
    pass(10_000);
    expect(limit.value).toBe(2);
    pass(10_000);
    expect(limit.value).toBe(3);
    limit.refused(2, 1);
    pass(14_000);
    expect(limit.value).toBe(3);
    pass(600_000);
    expect(limit.value).toBe(8);
  });
});
