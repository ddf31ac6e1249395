import { ApiProblem, readProblem } from './problem.ts';

const root = document.documentElement.dataset;

/** Where the API answers and under which path the page lives; the server may write others into the HTML. */
export const API = root.api ?? '/api/v1';
export const BASE = root.base ?? '';

const signedOutListeners = new Set<() => void>();

/** Calls back whenever the API says the session is over, until the returned function is called. */
export const onSignedOut = (listener: () => void): (() => void) => {
  signedOutListeners.add(listener);
  return () => signedOutListeners.delete(listener);
};

const request = async <T>(path: string, init: RequestInit): Promise<T> => {
  const response = await fetch(API + path, { credentials: 'same-origin', ...init }).catch((cause: unknown) => {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause;
    throw new ApiProblem(0, { title: 'The server did not answer.' });
  });
  if (!response.ok) {
    const problem = await readProblem(response);
    if (problem.status === 401 && path !== '/login') for (const listener of signedOutListeners) listener();
    throw problem;
  }
  const text = await response.text();
  return (text === '' ? undefined : JSON.parse(text)) as T;
};

/** Reads a resource; the browser revalidates what it holds by ETag. */
export const get = <T>(path: string, signal?: AbortSignal): Promise<T> =>
  request<T>(path, { cache: 'no-cache', headers: { accept: 'application/json' }, ...(signal && { signal }) });

/** Changes something; the same `key` sent twice does it once. */
export const send = <T>(method: 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown, key?: string): Promise<T> =>
  request<T>(path, {
    method,
    headers: { accept: 'application/json', 'content-type': 'application/json', ...(key && { 'idempotency-key': key }) },
    body: JSON.stringify(body ?? {}),
  });
