import { onTestFinished } from 'vitest';

/** What the API is asked, as tests of components see it. */
export interface Asked {
  readonly method: string;
  /** Below the API's root. */
  readonly path: string;
  readonly search: URLSearchParams;
  readonly headers: Headers;
  readonly body: unknown;
}

/** Answers the requests of a component in the API's place until the test ends, and keeps what was asked; `undefined` is a 404, an error no answer at all. */
export const answer = (how: (asked: Asked) => unknown): Asked[] => {
  const asked: Asked[] = [];
  const { fetch } = globalThis;
  globalThis.fetch = async (to, init) => {
    const request = new Request(to, init);
    const url = new URL(request.url);
    if (!url.pathname.startsWith('/api/v1')) return fetch(to, init);
    const text = await request.text();
    const one: Asked = {
      method: request.method,
      path: url.pathname.slice('/api/v1'.length),
      search: url.searchParams,
      headers: request.headers,
      body: text === '' ? undefined : JSON.parse(text),
    };
    asked.push(one);
    const said = await how(one);
    request.signal.throwIfAborted();
    if (said instanceof Error) throw said;
    if (said instanceof Response) return said;
    return said === undefined ? Response.json({ title: 'Not found' }, { status: 404 }) : Response.json(said);
  };
  onTestFinished(() => {
    globalThis.fetch = fetch;
  });
  return asked;
};
