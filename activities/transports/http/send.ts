import type { Agent, Dispatcher } from 'undici';
import { StepFailure, stepFailure } from '#jobs/failure.ts';
import { readBody } from './body.ts';

export interface HttpRequest {
  readonly method: Dispatcher.HttpMethod;
  readonly url: URL;
  readonly headers: { readonly [name: string]: string };
  /** Names of headers, in lower case, that are for this origin only, as those of a login always are. */
  readonly privateHeaders: readonly string[];
  readonly body: string | null;
  /** How many redirects are followed; each is checked like the first address. */
  readonly redirects: number;
  /** Limit of the answer in decoded bytes. */
  readonly maxBytes: number;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: { readonly [name: string]: string };
  readonly body: Buffer;
  /** The address that answered. */
  readonly url: URL;
}

/** Sends a request and reads its whole answer. Failures: `connection`, `policy` (address, certificate, size), `invalid_input`. */
export async function send(agent: Agent, request: HttpRequest, signal: AbortSignal): Promise<HttpAnswer> {
  let current = request;
  for (let followed = 0; ; followed += 1) {
    const { statusCode, headers, body } = await dispatch(agent, current, signal);
    const location = REDIRECTS.has(statusCode) ? headers.location : undefined;
    if (location === undefined || request.redirects === 0) {
      return {
        status: statusCode,
        headers,
        body: await readBody(body, headers['content-encoding'], request.maxBytes, signal),
        url: current.url,
      };
    }
    await body.dump();
    current = redirected(current, statusCode, location);
    if (followed < request.redirects) continue;
    // What follows the path, or stands before the host, may be a secret.
    const last = `${current.url.origin}${current.url.pathname}`.slice(0, 200);
    throw stepFailure('policy', `${request.url.origin} redirects more than ${request.redirects} times; last to ${last}`);
  }
}

const REDIRECTS = new Set([301, 302, 303, 307, 308]);
/** Never carried to another origin. */
const PRIVATE_HEADERS = new Set(['authorization', 'cookie', 'proxy-authorization']);

async function dispatch(agent: Agent, { method, url, headers, body }: HttpRequest, signal: AbortSignal) {
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw stepFailure('invalid_input', `url: ${url.protocol} is not spoken here; expected http or https`);
  }
  try {
    const answer = await agent.request({
      origin: url.origin,
      path: `${url.pathname}${url.search}`,
      method,
      headers: { ...headers, host: url.host },
      body,
      signal,
    });
    return { statusCode: answer.statusCode, headers: flat(answer.headers), body: answer.body };
  } catch (error) {
    throw sendFailure(url, error, signal);
  }
}

const flat = (headers: Dispatcher.ResponseData['headers']): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value]],
    ),
  );

function redirected(request: HttpRequest, status: number, location: string): HttpRequest {
  const url = URL.parse(location, request.url.href);
  if (url === null)
    throw stepFailure('connection', `${request.url.origin} redirects to ${JSON.stringify(location.slice(0, 200))}, which is no address`);
  const becomesGet = (status === 303 && request.method !== 'HEAD') || (status < 303 && request.method === 'POST');
  const isPrivate = (name: string) => PRIVATE_HEADERS.has(name) || request.privateHeaders.includes(name);
  const kept = Object.entries(request.headers).filter(
    ([name]) => (url.origin === request.url.origin || !isPrivate(name)) && !(becomesGet && name.startsWith('content-')),
  );
  return {
    ...request,
    url,
    headers: Object.fromEntries(kept),
    method: becomesGet ? 'GET' : request.method,
    body: becomesGet ? null : request.body,
  };
}

function sendFailure(url: URL, error: unknown, signal: AbortSignal): unknown {
  if (signal.aborted) return signal.reason;
  const cause = causeOf(error);
  if (cause instanceof StepFailure) return cause;
  const { code = '', message } = cause as NodeJS.ErrnoException;
  if (/^(ERR_TLS|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|ERR_SSL|HOSTNAME_MISMATCH)/.test(code)) {
    return stepFailure('policy', `${url.origin} is not trusted: ${message}`, { code }, error);
  }
  if (code === 'UND_ERR_INVALID_ARG' || code.startsWith('ERR_INVALID')) return stepFailure('invalid_input', message, undefined, error);
  return stepFailure('connection', `${url.origin} cannot be reached: ${message || code}`, { code }, error);
}

/** The innermost error that says something. */
function causeOf(error: unknown): Error {
  if (error instanceof AggregateError && error.errors[0] instanceof Error) return causeOf(error.errors[0]);
  if (error instanceof StepFailure || !(error instanceof Error)) return error instanceof Error ? error : new Error(String(error));
  return error.cause instanceof Error ? causeOf(error.cause) : error;
}
