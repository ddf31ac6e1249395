import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type Calls, type Channel, type Elect, shareStream, type Word } from './shared-stream.ts';
import { unionOf } from './wishes.ts';

/** A browser of this test: what one tab says the others hear, and one of them leads. */
const browser = () => {
  const hearers = new Map<string, (word: Word) => void>();
  let turns: { tab: string; calls: Calls }[] = [];
  const sources: (EventTarget & { tab: string; url: string; closed: boolean; close(): void })[] = [];
  const heard = new Map<string, unknown[]>();
  /** What waits for tabs that run nothing at the moment. */
  const frozen = new Map<string, (() => void)[]>();
  const reach = (tab: string, act: () => void) => {
    const waiting = frozen.get(tab);
    if (waiting) waiting.push(act);
    else act();
  };

  const openTab = (tab: string) => {
    const channel: Channel = {
      post: (word) => {
        for (const [name, hear] of hearers) if (name !== tab) reach(name, () => hear(structuredClone(word)));
      },
      hear: (handler) => hearers.set(tab, handler),
      close: () => hearers.delete(tab),
    };
    const elect: Elect = (calls) => {
      const wait = () => {
        turns.push({ tab, calls });
        if (turns.length === 1) calls.lead();
      };
      wait();
      return {
        take: () => {
          const [led] = turns;
          turns = [{ tab, calls }, ...turns.filter((turn) => turn.tab !== tab && turn !== led)];
          if (led)
            reach(led.tab, () => {
              if (turns.every((turn) => turn.tab !== led.tab)) {
                led.calls.follow();
                turns.push(led);
              }
            });
          calls.lead();
        },
        rejoin: () => {
          dropTurn(tab);
          wait();
        },
        giveUp: () => dropTurn(tab),
      };
    };
    const open = (url: string) => {
      const source = Object.assign(new EventTarget(), {
        tab,
        url,
        closed: false,
        close() {
          this.closed = true;
        },
      });
      sources.push(source);
      return source as unknown as EventSource;
    };
    const mine: unknown[] = [];
    heard.set(tab, mine);
    const events = {
      open: () => void mine.push('open'),
      lost: () => void mine.push('lost'),
      message: (data: unknown) => void mine.push(data),
      ping: () => void mine.push('ping'),
      resync: (topics: readonly string[] | null) => void mine.push(['resync', topics]),
    };
    return shareStream('/events', events, { tab, channel, elect, isShared: true, open });
  };
  const dropTurn = (tab: string) => {
    const at = turns.findIndex((turn) => turn.tab === tab);
    if (at >= 0) turns.splice(at, 1);
    if (at === 0) turns[0]?.calls.lead();
  };

  return {
    openTab,
    heard: (tab: string) => heard.get(tab) ?? [],
    open: () => sources.filter(({ closed }) => !closed),
    opened: () => sources.length,
    say: (type: string, data: unknown = {}, lastEventId = '') => {
      for (const source of sources.filter(({ closed }) => !closed))
        reach(source.tab, () => void source.dispatchEvent(new MessageEvent(type, { data: JSON.stringify(data), lastEventId })));
    },
    /** The tab runs nothing: what it would hear waits. */
    freeze: (tab: string) => void frozen.set(tab, []),
    /** It hears, one after the other, what waited. */
    thaw: (tab: string) => {
      const waiting = frozen.get(tab) ?? [];
      frozen.delete(tab);
      for (const act of waiting) act();
    },
    /** The tab is gone without a word, as when its process dies. */
    crash: (tab: string) => {
      hearers.delete(tab);
      for (const source of sources) source.close();
      dropTurn(tab);
    },
  };
};

const topicsOf = (url: string | undefined) => new URL(url ?? '', 'http://page').searchParams.get('topics')?.split(',');
const wants = (...topics: string[]) => ({ topics, visible: true, asleep: false, from: '' });

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('two tabs have one stream of what either wants, and both hear everything', () => {
  const here = browser();
  here.openTab('a').wish(wants('runs'));
  here.openTab('b').wish(wants('run:1'));
  expect(here.open().map(({ url }) => topicsOf(url))).toEqual([['run:1', 'runs']]);
  here.say('open');
  here.say('message', { topic: 'runs', n: 1 }, 'e-1');
  for (const tab of ['a', 'b']) expect(here.heard(tab)).toContainEqual({ topic: 'runs', n: 1 });
});

test.each(['leaves', 'dies without a word'])('when the tab that holds it %s the next goes on from the last event', (how) => {
  const here = browser();
  const first = here.openTab('a');
  first.wish(wants('runs'));
  here.openTab('b').wish(wants('run:1'));
  here.say('open');
  here.say('message', { topic: 'run:1', n: 7 }, 'e-7');
  if (how === 'leaves') first.leave();
  else here.crash('a');
  const [now, ...more] = here.open();
  expect(more).toEqual([]);
  expect(new URL(now?.url ?? '', 'http://page').searchParams.get('last_event_id')).toBe('e-7');
  here.say('open');
  // What the gone tab wanted is dropped once it did not answer, and nobody came for it.
  vi.advanceTimersByTime(20_000);
  expect(topicsOf(here.open()[0]?.url)).toEqual(['run:1']);
});

test('a tab that comes later learns at once whether the stream is alive', () => {
  const here = browser();
  here.openTab('a').wish(wants('runs'));
  here.say('open');
  here.openTab('b').wish(wants('runs'));
  expect(here.heard('b')).toContain('open');
  expect(here.opened()).toBe(1);
});

test('a tab that comes while the one that leads is frozen takes its place within seconds', () => {
  const here = browser();
  here.openTab('a').wish(wants('runs'));
  here.freeze('a');
  here.openTab('b').wish(wants('run:1'));
  vi.advanceTimersByTime(3_001);
  expect(here.open().map(({ tab, url }) => [tab, topicsOf(url)])).toContainEqual(['b', ['run:1']]);
  here.say('open');
  expect(here.heard('b')).toEqual(['open']);
});

test('the one that leads is frozen while another is looked at: that one goes on from the last event, and the frozen one follows once it thaws', () => {
  const here = browser();
  here.openTab('a').wish({ ...wants('runs'), visible: false });
  here.openTab('b').wish(wants('run:1'));
  here.openTab('c').wish({ ...wants('queues'), visible: false });
  here.say('open');
  here.say('message', { topic: 'run:1', n: 7 }, 'e-7');
  here.freeze('a');
  vi.advanceTimersByTime(8_001);
  const [led, now, ...more] = here.open();
  expect([led?.tab, now?.tab, more]).toEqual(['a', 'b', []]);
  expect(new URL(now?.url ?? '', 'http://page').searchParams.get('last_event_id')).toBe('e-7');
  here.say('message', { topic: 'run:1', n: 8 }, 'e-8');
  const before = ['b', 'c'].map((tab) => here.heard(tab).length);
  // Its own connection broke meanwhile, which nobody else is to hear of.
  led?.dispatchEvent(new Event('error'));
  here.thaw('a');
  expect(['b', 'c'].map((tab) => here.heard(tab).length)).toEqual(before);
  expect(here.open().at(-1)?.tab).toBe('b');
  expect(here.open().map(({ tab }) => tab)).not.toContain('a');
  expect(topicsOf(here.open()[0]?.url)).toEqual(['queues', 'run:1', 'runs']);
  expect(here.heard('a')).toContainEqual(['resync', null]);
  here.say('message', { topic: 'runs', n: 9 }, 'e-9');
  for (const tab of ['a', 'b', 'c']) expect(here.heard(tab).at(-1)).toEqual({ topic: 'runs', n: 9 });
});

test('of two tabs that are looked at and take a frozen one’s place at once, one leads', () => {
  const here = browser();
  here.openTab('a').wish(wants('runs'));
  for (const tab of ['b', 'c']) here.openTab(tab).wish(wants('runs'));
  here.say('open');
  here.freeze('a');
  vi.advanceTimersByTime(20_000);
  here.thaw('a');
  expect(here.open()).toHaveLength(1);
  here.say('message', { topic: 'runs', n: 1 }, 'e-1');
  for (const tab of ['a', 'b', 'c'])
    expect(here.heard(tab).filter((one) => typeof one === 'object' && one !== null && 'n' in one)).toHaveLength(1);
});

test('one that leads and has nothing to say is left to lead, whoever looks on', () => {
  const here = browser();
  here.openTab('a').wish({ ...wants('runs'), visible: false });
  here.openTab('b').wish(wants('runs'));
  here.say('open');
  vi.advanceTimersByTime(40_000);
  expect(here.open().map(({ tab }) => tab)).toEqual(['a']);
});

test('nobody takes the place of a frozen one while nobody looks; who is looked at again asks at once', () => {
  const here = browser();
  here.openTab('a').wish({ ...wants('runs'), visible: false });
  const second = here.openTab('b');
  second.wish({ ...wants('runs'), visible: false });
  here.say('open');
  here.freeze('a');
  vi.advanceTimersByTime(40_000);
  expect(here.open().map(({ tab }) => tab)).toEqual(['a']);
  second.wish(wants('runs'));
  vi.advanceTimersByTime(3_001);
  expect(here.open().map(({ tab }) => tab)).toContain('b');
});

test('a tab that hears nothing for three pings says so, and can have the stream tried again', () => {
  const here = browser();
  here.openTab('a').wish(wants('runs'));
  const second = here.openTab('b');
  second.wish(wants('runs'));
  here.say('open');
  vi.advanceTimersByTime(47_001);
  expect(here.heard('b')).toContain('lost');
  const before = here.opened();
  second.reconnect();
  expect(here.opened()).toBe(before + 1);
});

test('with every tab asleep there is no stream, and the first that wakes has it again', () => {
  const here = browser();
  const tab = here.openTab('a');
  tab.wish(wants('runs'));
  tab.wish({ ...wants('runs'), asleep: true });
  expect(here.open()).toEqual([]);
  tab.wish(wants('runs'));
  expect(here.open()).toHaveLength(1);
});

test('of more topics than a stream may have, those that are looked at come first', () => {
  const many = Array.from({ length: 150 }, (_, at) => `run:${at}`);
  const union = unionOf([{ ...wants(...many), visible: false }, wants('runs', 'log:1')]);
  expect(union).toHaveLength(100);
  expect(union).toEqual(expect.arrayContaining(['runs', 'log:1']));
});
