import type { QueryFunctionContext } from '@tanstack/solid-query';
import { wholeQuery } from '../../api/all-pages.ts';
import { get, send } from '../../api/client.ts';

/** How the installation is, as the API answers it. */
export interface SystemView {
  readonly ready: boolean;
  readonly checks: readonly { readonly name: string; readonly ok: boolean; readonly detail: string }[];
  readonly versions: {
    readonly capstan: string;
    readonly node: string;
    readonly postgres: string | null;
    readonly temporal: string | null;
    readonly zone_data: string;
  };
  readonly latency: { readonly postgres_ms: number | null; readonly temporal_ms: number | null };
  readonly lag: { readonly owed_starts: number; readonly oldest_owed_seconds: number | null } | null;
  readonly disk: { readonly database_bytes: number | null; readonly log_bytes: number | null; readonly free_bytes: number | null };
  readonly retention: { readonly months: readonly string[] | null; readonly audit_years: number };
  readonly workers: { readonly alive: number; readonly known: number } | null;
}

interface Claimant {
  readonly run_id: string;
  readonly number: number | null;
  readonly job: string | null;
  readonly step_key: string | null;
  readonly since: string;
}

/** A key with those who hold it and those in line. */
export interface LockView {
  readonly key: string;
  readonly max: number;
  readonly holders: readonly Claimant[];
  readonly waiters: readonly (Claimant & { readonly position: number })[];
  readonly waiting: number;
}

/** Asked again every 15 s: nothing tells of it. */
export const systemQuery = () => ({
  queryKey: ['system'] as const,
  queryFn: ({ signal }: QueryFunctionContext) => get<SystemView>('/system', signal),
  refetchInterval: 15_000,
});

export const locksQuery = (text: string) => ({ ...wholeQuery<LockView>('locks', '/locks', text), refetchInterval: 5_000 });

/** Takes a key from a run, which goes on without it. */
export const releaseLock = (key: string, run: string, idempotency: string): Promise<void> =>
  send<void>('POST', '/locks/release', { key, run }, idempotency);
