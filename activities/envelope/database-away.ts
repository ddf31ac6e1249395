const AWAY = /^(08|57P|53|40|25006)/;
const AWAY_CODES = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH']);

/** True for failures of the database that pass: it restarts, is out of connections, or resolved a conflict against us. */
export function isDatabaseAway(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (error instanceof AggregateError) return error.errors.some(isDatabaseAway);
  return AWAY.test(code) || AWAY_CODES.has(code) || code.startsWith('CONNECT') || code.startsWith('CONNECTION_');
}
