import { isGrpcServiceError, ServiceError } from '@temporalio/client';

const GRPC_AWAY = new Set([1, 4, 8, 14]);

/** True when Temporal could not be reached, or not in time: cancelled, deadline exceeded, resource exhausted, unavailable. */
export const isTemporalAway = (error: unknown): boolean => {
  const cause = error instanceof ServiceError ? error.cause : error;
  return isGrpcServiceError(cause) && GRPC_AWAY.has(cause.code);
};
