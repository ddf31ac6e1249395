import { QueryClient, QueryClientProvider } from '@tanstack/solid-query';
import { expect, onTestFinished, test, vi } from 'vitest';
import { get } from '../api/client.ts';
import { useQuery } from '../api/use-query.ts';
import { isLoaded } from '../components/Fetched.tsx';
import { SessionProvider } from '../session/session.tsx';
import { answer } from '../testing/answers.ts';
import { draw } from '../testing/draw.tsx';
import { createDrawing } from './drawing.ts';
import { LiveProvider, useLive, useTopic } from './Live.tsx';
import { showsOf } from './places.ts';

const ME = { user: { id: 'u1', name: 'ada' }, roles: ['viewer'], permissions: ['run:read', 'target:read'], must_change_password: false };

/** A page that shows one thing that live news change, with streams that the test speaks for. */
const open = () => {
  const sources: EventTarget[] = [];
  const urls: string[] = [];
  const { EventSource } = globalThis;
  globalThis.EventSource = class extends EventTarget {
    constructor(url: string) {
      super();
      urls.push(url);
      sources.push(this);
    }
    close() {}
  } as unknown as typeof EventSource;
  onTestFinished(() => {
    globalThis.EventSource = EventSource;
  });
  const asked = answer(({ path }) => (path === '/me' ? ME : { path }));
  const Page = () => {
    const { freshness } = useLive();
    useTopic(
      () => 'runs',
      () => undefined,
    );
    const query = useQuery(() => ({ queryKey: ['shown'], queryFn: () => get<object>('/shown'), meta: showsOf('targets') }));
    return <p>{`${freshness().kind} ${isLoaded(query)}`}</p>;
  };
  const box = draw(() => (
    <QueryClientProvider client={new QueryClient()}>
      <SessionProvider>
        <LiveProvider>
          <Page />
        </LiveProvider>
      </SessionProvider>
    </QueryClientProvider>
  ));
  return { sources, urls, text: () => box.textContent, polls: () => asked.filter(({ path }) => path === '/shown').length };
};

test('a stream that stays connected and says nothing is found out after three pings; until one speaks again the page asks every 5 s, then no more', async () => {
  const { setTimeout: really } = globalThis;
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date'] });
  onTestFinished(() => void vi.useRealTimers());
  const { sources, text, polls } = open();
  const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);
  // The browser's locks and answers take their time, whatever the clock of the test says.
  const until = async (holds: () => boolean) => {
    for (let tries = 0; tries < 400 && !holds(); tries += 1) {
      await pass(10);
      await new Promise((done) => really(done, 10));
    }
    expect(holds()).toBe(true);
  };
  await until(() => sources.length > 0);
  sources.at(-1)?.dispatchEvent(new MessageEvent('open'));
  await until(() => text() === 'live true');
  await pass(15_000);
  sources.at(-1)?.dispatchEvent(new MessageEvent('ping', { data: '{"build":"b"}', lastEventId: 'e-1' }));
  await pass(46_000);
  expect(text()).toBe('live true');
  const before = polls();
  const silent = sources.length;
  await pass(4_500);
  expect(text()).toBe('stale true');
  await until(() => polls() === before + 1);
  await pass(5_000);
  await until(() => polls() === before + 2);
  expect(sources.length).toBe(silent + 1);
  sources.at(-1)?.dispatchEvent(new MessageEvent('open'));
  await until(() => text() === 'live true');
  const after = polls();
  await pass(14_000);
  expect(polls()).toBe(after);
});

test('places that the reader may see are listened to, whichever is shown, and what is shown of one is read again when it changes', async () => {
  const { sources, urls, text, polls } = open();
  await expect.poll(() => sources.length).toBeGreaterThan(0);
  sources.at(-1)?.dispatchEvent(new MessageEvent('open', { lastEventId: '' }));
  await expect.poll(text).toBe('live true');
  expect(urls.map((url) => new URL(url, location.href).searchParams.get('topics'))).toEqual(['runs,targets']);
  const before = polls();
  sources.at(-1)?.dispatchEvent(new MessageEvent('message', { data: '{"topic":"targets"}', lastEventId: 'e-1' }));
  await expect.poll(polls).toBeGreaterThan(before);
});

test('the first news after a while is drawn without waiting for a frame, with all that comes with it; what follows waits for one', async () => {
  vi.useFakeTimers({ toFake: ['performance', 'requestAnimationFrame', 'cancelAnimationFrame'] });
  onTestFinished(() => void vi.useRealTimers());
  let heard: string[] = [];
  let told = Promise.withResolvers<readonly string[]>();
  const drawing = createDrawing(() => {
    told.resolve(heard);
    heard = [];
  });
  /** What is drawn next, once these were heard. */
  const hear = (...words: string[]) => {
    told = Promise.withResolvers();
    for (const word of words) {
      if (heard.length === 0) drawing.schedule();
      heard = [...heard, word];
    }
    return told.promise;
  };
  expect(await hear('a', 'b')).toEqual(['a', 'b']);
  const following = hear('c', 'd');
  await new Promise((resolve) => setTimeout(resolve));
  expect(heard).toEqual(['c', 'd']);
  vi.advanceTimersToNextFrame();
  expect(await following).toEqual(['c', 'd']);
  vi.advanceTimersByTime(16);
  expect(await hear('e')).toEqual(['e']);
});
