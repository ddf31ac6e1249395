import { QueryClient, QueryClientProvider } from '@tanstack/solid-query';
import { createSignal, Show } from 'solid-js';
import { expect, test } from 'vitest';
import { Suspense } from '../solid.ts';
import { draw } from '../testing/draw.tsx';
import { useQuery } from './use-query.ts';

const client = new QueryClient();
/** A page on which a box has the focus, beside what was read. */
const Page = (props: { of: string; read: () => Promise<string> }) => {
  const query = useQuery(() => ({ queryKey: [props.of], queryFn: props.read }));
  return (
    <>
      <input ref={(box) => queueMicrotask(() => box.focus())} />
      <p>{query.data}</p>
    </>
  );
};
const open = (of: string, read: () => Promise<string>) => {
  const [isOpen, setOpen] = createSignal(true);
  const box = draw(() => (
    <QueryClientProvider client={client}>
      <Suspense fallback="away">
        <Show when={isOpen()}>
          <Page of={of} read={read} />
        </Show>
      </Suspense>
    </QueryClientProvider>
  ));
  return { text: () => box.querySelector('p')?.textContent, field: () => box.querySelector('input'), setOpen, box };
};
const frames = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));

test('a page is there before its data, which come in their place', async () => {
  const answer = Promise.withResolvers<string>();
  const { text, box } = open('first', () => answer.promise);
  await frames();
  expect([box.textContent, text()]).toEqual(['', '']);
  answer.resolve('read');
  await expect.poll(text).toBe('read');
});

test('what is known already shows at once, and what is read again takes neither the page away nor the focus', async () => {
  client.setQueryData(['again'], 'known');
  const answers = [Promise.withResolvers<string>(), Promise.withResolvers<string>()];
  let asked = 0;
  const { text, field, box } = open('again', () => answers[asked++]?.promise ?? Promise.reject(new Error('asked too often')));
  const away: Node[] = [];
  const watch = new MutationObserver((changes) => away.push(...changes.flatMap(({ removedNodes }) => [...removedNodes])));
  watch.observe(box, { childList: true });
  expect(text()).toBe('known');
  await frames();
  for (const [at, answer] of answers.entries()) {
    const again = at === 0 ? Promise.resolve() : client.refetchQueries({ queryKey: ['again'] });
    await frames();
    expect([text() !== '', document.activeElement === field(), away]).toEqual([true, true, []]);
    answer.resolve(`read ${at}`);
    await again;
    await expect.poll(text).toBe(`read ${at}`);
  }
  expect([document.activeElement === field(), away]).toEqual([true, []]);
});

test('a page that closed asks and hears no more', async () => {
  const { text, setOpen } = open('closed', async () => 'read');
  await expect.poll(text).toBe('read');
  const watchers = () =>
    client
      .getQueryCache()
      .find({ queryKey: ['closed'] })
      ?.getObserversCount();
  expect(watchers()).toBe(1);
  setOpen(false);
  expect(watchers()).toBe(0);
});
