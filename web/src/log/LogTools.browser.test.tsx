import { createSignal } from 'solid-js';
import { expect, test, vi } from 'vitest';
import { userEvent } from 'vitest/browser';
import { draw, expectAccessible } from '../testing/draw.tsx';
import { groupedLines } from './groups.ts';
import { LogFilters } from './LogFilters.tsx';
import { LogSearchBar } from './LogSearchBar.tsx';
import { type LogPlace, WHOLE_LOG } from './place.ts';
import type { Standing } from './search.ts';

const COMMANDS = [1, 2].map((number) => ({
  attempt: 1,
  number,
  command: `show version ${number}`,
  exit_code: 0,
  executed_at: '2026-11-22T10:00:00Z',
  duration_ms: 12,
  first_line: number * 10,
  last_line: number * 10 + 5,
}));

const show = (first: Partial<LogPlace> = {}, found: Standing | null = null, refused: Error | null = null) => {
  const [place, setPlace] = createSignal<LogPlace>({ ...WHOLE_LOG, ...first });
  const go = vi.fn();
  const leave = vi.fn();
  const change = (part: Partial<LogPlace>) => setPlace((now) => ({ ...now, ...part }));
  const box = draw(() => (
    <div>
      <LogFilters place={place()} setPlace={change} groups={groupedLines(COMMANDS, 100)} />
      <LogSearchBar
        place={place()}
        setPlace={change}
        search={{ standing: () => found, error: () => refused, go }}
        ref={() => undefined}
        leave={leave}
      />
    </div>
  ));
  const named = (name: string) => box.querySelector(`[aria-label="${name}"]`) as HTMLElement;
  return { box, place, named, go, leave };
};

test('streams are left out one by one, and all of them are never left out', async () => {
  const { box, place } = show();
  const stream = (word: string) => [...box.querySelectorAll('label')].find((label) => label.textContent?.trim() === word) as HTMLElement;
  await userEvent.click(stream('stdout'));
  expect(place().streams).toEqual(['stderr', 'system']);
  await userEvent.click(stream('step'));
  expect(place().streams).toEqual(['stderr']);
  await userEvent.click(stream('stderr'));
  expect(place().streams).toEqual([]);
  await expectAccessible(box);
});

test('level and command narrow the log', async () => {
  const { named, place } = show();
  await userEvent.selectOptions(named('Level'), 'Errors');
  await userEvent.selectOptions(named('Command'), '2 show version 2');
  expect(place()).toMatchObject({ level: 'error', command: '1.2' });
});

test('the search says how many lines match and goes from one to the next by keys and buttons', async () => {
  const { box, named, place, go, leave } = show({ find: 'error' }, { count: 1903, complete: true, scanned: 1, line: 40, place: 17 });
  expect(box.textContent).toContain('17/1,903');
  expect(box.querySelector('[role=status]')?.textContent).toContain('1,903 lines match');
  const input = box.querySelector('input[type=search]') as HTMLElement;
  await userEvent.click(input);
  await userEvent.keyboard('{Enter}{Shift>}{Enter}{/Shift}');
  await userEvent.click(named('Next match'));
  expect(go.mock.calls).toEqual([['next'], ['previous'], ['next']]);
  await userEvent.click(named('Match case'));
  expect(place().case).toBe(true);
  await userEvent.click(input);
  await userEvent.keyboard('{Escape}');
  expect([place().find, leave.mock.calls.length]).toEqual(['', 1]);
  await expectAccessible(box);
});

test('a pattern that is refused says why at the field', async () => {
  const { box } = show({ find: '(', regexp: true }, null, new Error('text: missing closing )'));
  const input = box.querySelector('input[type=search]') as HTMLElement;
  expect(input.getAttribute('aria-invalid')).toBe('true');
  const says = box.querySelector(`#${input.getAttribute('aria-describedby')}`);
  expect(says?.textContent).toBe('text: missing closing )');
  await expectAccessible(box);
});
