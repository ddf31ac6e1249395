import type { Queryable } from '../client.ts';
import { type Page, pageOf, readCursor, writeCursor } from '../cursor.ts';
import type { CheckStage, TargetRow } from '../schema/targets.ts';
import { hasText } from './has-text.ts';
import { hasValues } from './has-values.ts';

/** A target, and how it was found at the last look. */
export type TargetWithCheck = TargetRow & { readonly last_check: LastCheck | null };

export interface LastCheck {
  readonly at: string;
  readonly healthy: boolean;
  /** The stage that failed. */
  readonly stage: CheckStage | null;
  readonly latency_ms: number | null;
}

export interface TargetsQuery {
  readonly project: string;
  /** Part of name, host, kind or a tag, in any case. */
  readonly text?: string | undefined;
  readonly kind?: string | undefined;
  readonly tag?: string | undefined;
  readonly device_type?: string | undefined;
  readonly credential?: string | undefined;
  readonly enabled?: boolean | undefined;
  /** As found at the last look; those never looked at are neither. */
  readonly healthy?: boolean | undefined;
  readonly after?: string | undefined;
  readonly limit: number;
}

/** A page of targets by name, strictly after the cursor. Served by targets_name (project, name), each one's check by target_checks_target. */
export const listTargets = async (sql: Queryable, query: TargetsQuery): Promise<Page<TargetWithCheck>> => {
  const { project, kind, tag, device_type, credential, enabled, healthy, limit } = query;
  const [after] = query.after === undefined ? [] : readCursor(query.after, 'name', ([name]) => typeof name === 'string');
  const rows = await sql<TargetWithCheck[]>`
    ${withCheck(sql)}
    where t.project = ${project}
      ${hasText(sql, query.text, sql`t.name, t.host, t.kind, array_to_string(t.tags, chr(10))`)}
      ${hasValues(sql, { 't.kind': kind, 't.device_type': device_type, 't.credential': credential, 't.enabled': enabled, 'c.healthy': healthy })}
      ${tag === undefined ? sql`` : sql`and t.tags @> ${[tag]}::text[]`}
      ${after === undefined ? sql`` : sql`and t.name > ${String(after)}`}
    order by t.name limit ${limit + 1}`;
  return pageOf(rows, limit, ({ name }) => writeCursor('name', [name]));
};

const withCheck = (sql: Queryable) => sql`
  select t.*, case when c.at is not null then
    jsonb_build_object('at', to_char(c.at, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'healthy', c.healthy, 'stage', c.stage, 'latency_ms', c.latency_ms)
  end as last_check
  from targets t left join lateral (
    select at, healthy, stage, latency_ms from target_checks k
    where k.project = t.project and k.target = t.name order by k.id desc limit 1
  ) c on true`;
