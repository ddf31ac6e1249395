import { isGrpcServiceError, ServiceError } from '@temporalio/client';

/** Statuses of gRPC that say what became of what was asked. */
export const GRPC = { notFound: 5, alreadyExists: 6 } as const;

/** The gRPC status by which a call to Temporal failed, over either kind of connection; null for what is no such failure. */
export function grpcCodeOf(error: unknown): number | null {
  // A worker's connection throws it by itself, under the name in which a client wraps it.
  const cause = !isGrpcServiceError(error) && error instanceof ServiceError ? error.cause : error;
  return isGrpcServiceError(cause) ? cause.code : null;
}

const AWAY = new Set([1, 4, 8, 14]);

/** True when Temporal could not be reached, or not in time: cancelled, deadline exceeded, resource exhausted, unavailable. */
export const isTemporalAway = (error: unknown): boolean => AWAY.has(grpcCodeOf(error) ?? 0);
