import type { AgendaState } from '#jobs/agenda/words.ts';
import type { RunStatus } from '#jobs/run-state.ts';
import type { FireTrigger, MissedReason } from '#jobs/schedules/fire-state.ts';
import type { MarkedMoment } from '../views.ts';

/** One thing that starts, or was to. */
export interface AgendaItem extends MarkedMoment {
  readonly at: string;
  readonly local_time: string;
  readonly state: AgendaState;
  readonly reason: MissedReason | null;
  readonly message: string | null;
  readonly schedule: string | null;
  readonly job: string | null;
  readonly zone: string | null;
  readonly zone_time: string | null;
  readonly trigger: FireTrigger | null;
  readonly again: number;
  readonly run: string | null;
  readonly run_status: RunStatus | null;
}

/** What starts in one hour of the clocks asked for. */
export interface AgendaHour {
  readonly from: string;
  readonly to: string;
  /** Its start on those clocks, with their offset. */
  readonly local: string;
  /** Null: it was not counted yet. */
  readonly counts: { readonly [state in AgendaState]?: number | undefined } | null;
}

/** A page of the agenda; the first one with counts. */
export interface AgendaView {
  readonly from: string;
  readonly to: string;
  readonly zone: string;
  readonly items: readonly AgendaItem[];
  readonly next: string | null;
  readonly hours: readonly AgendaHour[] | null;
  readonly counted_until: string | null;
}
