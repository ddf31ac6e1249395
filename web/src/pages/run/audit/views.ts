import type { Json } from '#jobs/json.ts';

/** One thing that somebody did. */
export interface AuditEntryView {
  readonly id: string;
  readonly at: string;
  readonly actor: string;
  readonly action: string;
  readonly before: Json;
  readonly after: Json;
  readonly request_id: string | null;
  readonly reason: string | null;
}
