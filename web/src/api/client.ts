import { ApiProblem, readProblem } from './problem.ts';

const root = document.documentElement.dataset;

/** Where the API answers and under which path the page lives; the server may write others into the HTML. */
export const API = root.api ?? '/api/v1';
export const BASE = root.base ?? '';

const LONGEST_WAIT_S = 30;

const signedOutListeners = new Set<() => void>();

/** Calls back whenever the API says the session is over, until the returned function is called. */
export const onSignedOut = (listener: () => void): (() => void) => {
  signedOutListeners.add(listener);
  return () => signedOutListeners.delete(listener);
};

let last: string | null = null;

/** The request that was answered last, by the name it has in the server's log: what an error of the page itself is most likely about. */
export const lastRequest = (): string | null => last;

const answered = async (path: string, init: RequestInit): Promise<Response> => {
  const response = await fetch(API + path, { credentials: 'same-origin', ...init }).catch((cause: unknown) => {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause;
    throw new ApiProblem(0, { title: 'The server did not answer.' });
  });
  last = response.headers.get('x-request-id') ?? last;
  if (response.ok) return response;
  const problem = await readProblem(response);
  if (problem.status === 401 && path !== '/login') for (const listener of signedOutListeners) listener();
  throw problem;
};

const bodyOf = async <T>(response: Response): Promise<T> => {
  const text = await response.text();
  return (text === '' ? undefined : JSON.parse(text)) as T;
};

const pause = (seconds: number, signal: AbortSignal | undefined): Promise<void> =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, seconds * 1000);
    signal?.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });

/** Asks; told to wait, which is before anything was done, it waits as long as the server says and asks once more. */
const patiently = async (path: string, init: RequestInit): Promise<Response> => {
  try {
    return await answered(path, init);
  } catch (error) {
    if (!(error instanceof ApiProblem) || error.status !== 429 || error.retryAfter === null || error.retryAfter > LONGEST_WAIT_S)
      throw error;
    await pause(error.retryAfter, init.signal ?? undefined);
    return answered(path, init);
  }
};

const read = (path: string, signal?: AbortSignal, topic?: string): Promise<Response> => {
  const headers = { accept: 'application/json', ...(topic && { 'capstan-topics': topic }) };
  return patiently(path, { cache: 'no-cache', headers, ...(signal && { signal }) });
};

/** Reads a resource; the browser revalidates what it holds by ETag. */
export const get = async <T>(path: string, signal?: AbortSignal): Promise<T> => bodyOf<T>(await read(path, signal));

/** Reads a resource that a topic's news change, with the tag of its state and the event it was read after: a stream that goes on from there misses nothing. */
export const getAtEvent = async <T>(
  path: string,
  topic: string,
  signal?: AbortSignal,
): Promise<{ readonly value: T; readonly tag: string | null; readonly event: string | null }> => {
  const response = await read(path, signal, topic);
  return { value: await bodyOf<T>(response), tag: response.headers.get('etag'), event: response.headers.get('capstan-event') };
};

/** Reads a text as it is. */
export const getText = async (path: string, signal?: AbortSignal): Promise<string> => (await read(path, signal)).text();

/** Reads a text as it is; null when it has more than so many characters, of which no more are read. */
export const getTextUpTo = async (path: string, most: number, signal?: AbortSignal): Promise<string | null> => {
  const pieces = (await read(path, signal)).body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  for (let piece = await pieces?.read(); piece && !piece.done; piece = await pieces?.read()) {
    text += piece.value;
    if (text.length <= most) continue;
    await pieces?.cancel();
    return null;
  }
  return text;
};

/** Reads a resource with the tag of the state it is in, to be sent as `ifMatch` with a change of it. */
export const getTagged = async <T>(path: string, signal?: AbortSignal): Promise<{ readonly value: T; readonly tag: string | null }> => {
  const response = await read(path, signal);
  return { value: await bodyOf<T>(response), tag: response.headers.get('etag') };
};

/** Asks whether a resource can be had, without having it: rejects with why not. */
export const ask = async (path: string): Promise<void> => {
  await answered(path, { method: 'HEAD', cache: 'no-cache' });
};

interface SendOptions {
  readonly ifMatch?: string | null | undefined;
}

/** What is deleted cannot be deleted twice: only by its key is a second try after a lost answer known for what it is. */
type Sending =
  | readonly [method: 'POST' | 'PUT' | 'PATCH', path: string, body?: unknown, key?: string | undefined, options?: SendOptions]
  | readonly [method: 'DELETE', path: string, body: undefined, key: string, options?: SendOptions];

// Without a key, such as a login, a second try is the reader's to make.
const sent = (...[method, path, body, key, { ifMatch } = {}]: Sending): Promise<Response> =>
  (key ? patiently : answered)(path, {
    method,
    headers: {
      accept: 'application/json',
      'content-type': 'application/json',
      ...(key && { 'idempotency-key': key }),
      ...(ifMatch && { 'if-match': ifMatch }),
    },
    body: JSON.stringify(body ?? {}),
  });

/** Changes something; the same `key` sent twice does it once, and with `ifMatch` only what is still in that state is changed (else a problem 412). */
export const send = async <T>(...sending: Sending): Promise<T> => bodyOf<T>(await sent(...sending));

/** Changes something as `send` does; answers with the tag of the state it is in then, for the next change. */
export const sendTagged = async <T>(...sending: Sending): Promise<{ readonly value: T; readonly tag: string | null }> => {
  const response = await sent(...sending);
  return { value: await bodyOf<T>(response), tag: response.headers.get('etag') };
};

/** Sends a text as it is, such as a file of definitions. */
export const sendText = async <T>(path: string, text: string, type: string, key?: string): Promise<T> =>
  bodyOf<T>(
    await answered(path, {
      method: 'POST',
      headers: { accept: 'application/json', 'content-type': type, ...(key && { 'idempotency-key': key }) },
      body: text,
    }),
  );
