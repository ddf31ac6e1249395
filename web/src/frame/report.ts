import { lastRequest } from '../api/client.ts';
import { ApiProblem } from '../api/problem.ts';

/** Whatever was thrown, as an error. */
export const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));

/** Everything that helps whoever is told of it: what, where, when, of which request, and which build. */
export const report = (error: Error, path: string, request: string | null): string =>
  [
    `${error.name}: ${error.message}`,
    request ? `request ${request}` : '',
    `at ${path}, ${new Date().toISOString()}`,
    navigator.userAgent,
    error.stack ?? '',
  ]
    .filter(Boolean)
    .join('\n');

/** The request that a failure is the answer to, else the one that was answered last before it. */
export const requestOf = (error: unknown): string | null => (error instanceof ApiProblem ? error.requestId : null) ?? lastRequest();
