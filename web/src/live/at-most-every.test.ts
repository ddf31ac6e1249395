import { createRoot } from 'solid-js';
import { expect, test, vi } from 'vitest';
import { atMostEvery } from './at-most-every.ts';

test('a burst is one act at once and one more when the time is over; then there is quiet', () => {
  vi.useFakeTimers();
  const act = vi.fn();
  createRoot((dispose) => {
    const go = atMostEvery(15_000, act);
    for (let told = 0; told < 50; told++) go();
    expect(act).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(15_001);
    expect(act).toHaveBeenCalledTimes(2);
    vi.advanceTimersByTime(60_000);
    expect(act).toHaveBeenCalledTimes(2);
    go();
    expect(act).toHaveBeenCalledTimes(3);
    dispose();
    vi.advanceTimersByTime(60_000);
    expect(act).toHaveBeenCalledTimes(3);
  });
  vi.useRealTimers();
});
