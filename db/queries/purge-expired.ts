import { LIMITS } from '#jobs/limits.ts';
import type { Queryable } from '../client.ts';
import { firstIdAt } from '../partitions.ts';

/** Removes what has had its time: sessions that expired, idempotency keys and dry runs of backfills older than a week, texts of calendars read an hour ago, workers not seen for a day, looks at targets and plans older than thirty days, starts that no rate counts any more, what became of triggers and backfills a year ago, connections to hosts closed a year ago, notices older than ninety days, entries of the audit older than seven years, what was seen of queues more than a day ago, what was posted to runs that have ended. */
export const purgeExpired = async (sql: Queryable): Promise<void> => {
  await sql`
    with sessions_gone as (delete from sessions where expires_at < now()),
      starts_gone as (delete from rate_starts where expires_at < now()),
      plans_gone as (delete from plans where created_at < now() - interval '30 days'),
      reads_gone as (delete from calendar_reads where read_at < now() - interval '1 hour'),
      dry_runs_gone as (delete from backfill_dry_runs where created_at < now() - interval '7 days'),
      backfills_gone as (delete from backfills where ended_at < now() - interval '1 year'),
      workers_gone as (delete from workers where last_seen_at < now() - interval '1 day'),
      checks_gone as (delete from target_checks where id < ${firstIdAt(new Date(Date.now() - 30 * 86_400_000))}),
      firings_gone as (delete from trigger_firings where next_at is null and id < ${firstIdAt(new Date(Date.now() - 365 * 86_400_000))}),
      samples_gone as (delete from queue_samples where at < now() - interval '1 day'),
      audit_gone as (
        delete from audit_entries where id < ${firstIdAt(yearsAgo(LIMITS.auditYears))} and at < now() - make_interval(years => ${LIMITS.auditYears})),
      notices_gone as (delete from notices where at < now() - interval '90 days'),
      arrivals_gone as (
        delete from webhook_arrivals a where a.arrived_at < now() - interval '1 day'
          and not exists (select from runs r where r.id = a.run_id and r.ended_at is null)),
      connections_gone as (
        delete from ssh_sessions where connection_established_at < now() - interval '1 year' and connection_closed_at < now() - interval '1 year')
    delete from idempotency_keys where created_at < now() - interval '7 days'`;
};

const yearsAgo = (years: number): Date => {
  const now = new Date();
  return new Date(Date.UTC(now.getUTCFullYear() - years, now.getUTCMonth(), now.getUTCDate() + 1));
};
