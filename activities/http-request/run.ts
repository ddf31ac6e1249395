import type { Agent } from 'undici';
import { stepFailure } from '#jobs/failure.ts';
import type { Json } from '#jobs/json.ts';
import type { Run, StepContext } from '../contract.ts';
import { ENCODINGS } from '../transports/http/body.ts';
import { guardedAgent } from '../transports/http/guarded-agent.ts';
import { type HttpAnswer, type HttpRequest, send } from '../transports/http/send.ts';
import type { httpRequest } from './spec.ts';

type Config = Parameters<Run<typeof httpRequest>>[0];

/** Sends the request once and checks the answer; connections are kept for the steps that follow. */
export const runHttpRequest: Run<typeof httpRequest> = async (config, step) => {
  const request = requestOf(config, step);
  const began = performance.now();
  const answer = await send(agentFor(step.permits.http_allow), request, step.signal);
  const took = Math.round(performance.now() - began);
  await step.log.line(
    'info',
    `${request.method} ${request.url.origin}${request.url.pathname}: ${answer.status}, ${answer.body.length} bytes in ${took} ms`,
  );

  const { status } = answer;
  const expected = config.expect?.status;
  if (expected === undefined ? status < 200 || status > 299 : !expected.includes(status)) {
    const wanted = expected === undefined ? '200 to 299' : expected.join(', ');
    throw stepFailure('assertion', `${request.url.origin}${request.url.pathname} answered ${status}; expected ${wanted}`, {
      status,
      body: answer.body.toString('utf8', 0, 1000),
    });
  }
  return { status, headers: shownHeaders(answer), body: bodyOf(answer), url: answer.url.href };
};

const agents = new WeakMap<readonly string[], Agent>();

/** One agent per allow list, which is one per worker. */
function agentFor(allow: readonly string[]): Agent {
  const agent = agents.get(allow) ?? guardedAgent(allow);
  agents.set(allow, agent);
  return agent;
}

function requestOf(
  { method = 'GET', url: text, query = {}, headers = {}, secret_headers = {}, body, follow_redirects = 5, max_bytes = 1_048_576 }: Config,
  step: StepContext,
): HttpRequest {
  const url = URL.parse(text);
  if (url === null) throw stepFailure('invalid_input', `url: ${JSON.stringify(text.slice(0, 200))} is not a URL; write https://host/path`);
  for (const [name, value] of Object.entries(query)) url.searchParams.append(name, value);
  const given = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  const secret = Object.fromEntries(Object.entries(secret_headers).map(([name, bound]) => [name.toLowerCase(), secretNamed(bound, step)]));
  const login =
    url.username === ''
      ? {}
      : { authorization: `Basic ${Buffer.from(decodeURIComponent(`${url.username}:${url.password}`)).toString('base64')}` };
  url.username = '';
  url.password = '';
  return {
    method,
    url,
    headers: {
      'user-agent': 'capstan',
      accept: '*/*',
      'accept-encoding': ENCODINGS,
      ...identityOf(method, step),
      ...contentType(body),
      ...login,
      ...given,
      ...secret,
    },
    privateHeaders: Object.keys(secret),
    body: textOf(body),
    redirects: follow_redirects,
    maxBytes: max_bytes,
  };
}

function secretNamed(name: string, { secrets }: StepContext): string {
  const value = secrets.get(name);
  if (value !== undefined) return value;
  throw stepFailure('invalid_input', `secret_headers: the step binds no secret ${name}; write secrets: { ${name}: credential.field }`);
}

/** Lets a receiver recognise a repeated delivery: the same for every attempt of the step. */
const identityOf = (method: string, { run, key }: StepContext): Record<string, string> =>
  method === 'GET' || method === 'HEAD' || method === 'OPTIONS' ? {} : { 'idempotency-key': `${run}/${key}` };

const contentType = (body: Json | undefined): Record<string, string> => {
  if (body === undefined) return {};
  return { 'content-type': typeof body === 'string' ? 'text/plain; charset=utf-8' : 'application/json' };
};

const textOf = (body: Json | undefined): string | null => {
  if (body === undefined) return null;
  return typeof body === 'string' ? body : JSON.stringify(body);
};

const HIDDEN_HEADERS = new Set(['set-cookie', 'set-cookie2', 'www-authenticate', 'authorization']);

const shownHeaders = ({ headers }: HttpAnswer): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => !HIDDEN_HEADERS.has(name))
      .slice(0, 50)
      .map(([name, value]) => [name, value.slice(0, 1024)]),
  );

function bodyOf({ headers, body }: HttpAnswer): Json {
  const text = body.toString();
  if (!/^application\/([\w.-]+\+)?json\b/i.test(headers['content-type'] ?? '')) return text;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}
