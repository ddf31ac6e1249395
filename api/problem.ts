import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { Problem } from '#jobs/problem.ts';

const TITLES: { readonly [status: number]: string } = {
  400: 'Bad request',
  401: 'Not signed in',
  403: 'Not allowed',
  404: 'Not found',
  409: 'Conflict',
  410: 'Gone',
  412: 'Changed meanwhile',
  413: 'Too large',
  415: 'Wrong content type',
  422: 'Invalid input',
  428: 'If-Match is missing',
  429: 'Too many requests',
  500: 'Internal error',
  503: 'Unavailable',
};

/** What a refused request adds to its status and sentence. */
export interface ProblemExtras {
  /** The problem's `type` (a relative reference); absent: the status says it all. */
  readonly type?: string;
  readonly problems?: readonly Problem[];
  readonly headers?: { readonly [name: string]: string };
  readonly cause?: unknown;
}

/** A request refused or failed; thrown anywhere below a route and answered as RFC 9457 `application/problem+json`. */
export class HttpProblem extends Error {
  override readonly name = 'HttpProblem';
  readonly status: ContentfulStatusCode;
  readonly extras: ProblemExtras;

  constructor(status: ContentfulStatusCode, detail: string, extras: ProblemExtras = {}) {
    super(detail, extras.cause === undefined ? undefined : { cause: extras.cause });
    this.status = status;
    this.extras = extras;
  }
}

/** The thing the path names is not there, or not for this caller: the answer is the same. */
export const notFound = (what: string): HttpProblem => new HttpProblem(404, what);

/** The thing is in a state that does not allow this; the sentence names the state. */
export const conflict = (detail: string, type?: string): HttpProblem => new HttpProblem(409, detail, type ? { type } : {});

/** A part the request needs is away; clients may ask again after `seconds`. */
export const unavailable = (detail: string, seconds: number, cause?: unknown): HttpProblem =>
  new HttpProblem(503, detail, { headers: { 'Retry-After': String(seconds) }, cause });

/** The problem as the answer to this request. */
export const answerProblem = (c: Context, problem: HttpProblem): Response => {
  const { type, problems, headers } = problem.extras;
  return c.body(
    JSON.stringify({
      type: type ?? 'about:blank',
      title: TITLES[problem.status] ?? 'Error',
      status: problem.status,
      detail: problem.message,
      instance: c.req.path,
      request_id: c.get('requestId') ?? '',
      ...(problems && { problems }),
    }),
    problem.status,
    { ...headers, 'Content-Type': 'application/problem+json', 'Cache-Control': 'no-store' },
  );
};
