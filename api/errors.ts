import type { ErrorHandler } from 'hono';
import postgres from 'postgres';
import { TooSlow } from '#db/bounded.ts';
import { InUse, LastAdmin, NameTaken, NotFound, RunNotEnded, StandsSo, TrashExpired, VersionConflict } from '#db/conflicts.ts';
import { InvalidCursor } from '#db/cursor.ts';
import { IdempotencyConflict } from '#db/queries/insert-run.ts';
import { UnknownTargets } from '#db/queries/resolve-targets.ts';
import { TooManyViews } from '#db/queries/saved-views.ts';
import { TokenInUse } from '#db/queries/tokens.ts';
import { errorAt, InvalidInput } from '#jobs/problem.ts';
import { GRPC, grpcCodeOf, isTemporalAway } from '#platform/temporal/grpc-code.ts';
import type { Env } from './env.ts';
import { answerProblem, HttpProblem, unavailable } from './problem.ts';

/** Turns whatever a handler threw into a problem; what we did not expect is logged whole and answered without its words. */
export const onError: ErrorHandler<Env> = (error, c) => {
  const problem = toProblem(error);
  if (problem.status >= 500 || problem.extras.cause) {
    const { log } = c.var.services;
    log[problem.status === 500 ? 'error' : 'warn']({ err: error, request_id: c.var.requestId, path: c.req.path }, problem.message);
  }
  return answerProblem(c, problem);
};

function toProblem(error: unknown): HttpProblem {
  if (error instanceof HttpProblem) return error;
  if (error instanceof InvalidInput) return new HttpProblem(422, error.message, { problems: error.problems });
  if (error instanceof UnknownTargets) return new HttpProblem(422, error.message, { problems: [errorAt('/target', error.message)] });
  if (error instanceof NotFound) return new HttpProblem(404, error.message);
  if (error instanceof InvalidCursor) return new HttpProblem(400, error.message);
  if (error instanceof VersionConflict) return new HttpProblem(412, error.message);
  if (CONFLICTS.some((conflict) => error instanceof conflict)) return new HttpProblem(409, (error as Error).message);
  if (error instanceof TooSlow) return new HttpProblem(503, error.message, { type: 'too_slow' });
  if (isPostgresAway(error)) return unavailable('Postgres does not answer; nothing was changed', 2, error);
  if (isUnstorable(error))
    return new HttpProblem(422, 'a value in this request is not one that can be stored or looked for', { cause: error });
  if (isTemporalAway(error)) return unavailable('Temporal does not answer', 5, error);
  return new HttpProblem(500, 'something went wrong here; the request id finds it in the log', { cause: error });
}

const CONFLICTS = [InUse, LastAdmin, NameTaken, RunNotEnded, StandsSo, TrashExpired, IdempotencyConflict, TooManyViews, TokenInUse];

const CONNECTION_CODES =
  /^(ECONNREFUSED|ECONNRESET|EPIPE|ENOENT|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|CONNECT_TIMEOUT|CONNECTION_CLOSED|CONNECTION_ENDED|CONNECTION_DESTROYED|CONNECTION_CONNECT_TIMEOUT|08\w{3}|57P0[1-5]|53\w{3}|58\w{3})$/;

/** True for errors by which postgres.js and the server say that the database is away, starting, stopping or full. */
export const isPostgresAway = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' && CONNECTION_CODES.test(error.code);

const isUnstorable = (error: unknown): boolean => error instanceof postgres.PostgresError && UNSTORABLE_CODES.has(error.code);

/** A character, text or number that a column cannot hold: a check that is missing here, so it is logged, but it is the request's fault. */
const UNSTORABLE_CODES = new Set(['22021', '22P02', '22P05', '22003']);

/** True when Temporal knows no such activity, or its workflow has ended. */
export const isUnknownToTemporal = (error: unknown): boolean => grpcCodeOf(error) === GRPC.notFound;
