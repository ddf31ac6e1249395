import type { JsonObject } from '#jobs/json.ts';
import type { RunStatus } from '#jobs/run-state.ts';
import type { FoldPolicy, GapPolicy, OverlapPolicy, ScheduleDefinition } from '#jobs/schedules/definition.ts';
import type { FireStatus, FireTrigger, MissedReason, ScheduleState } from '#jobs/schedules/fire-state.ts';

/** What is particular about a moment. */
export type Mark = 'gap-skipped' | 'shifted' | 'fold-first' | 'fold-second' | 'blackout' | 'deferred' | 'window';

/** Since when, by whom, why and until when something is held. */
export interface PauseView {
  readonly since: string | null;
  readonly by: string | null;
  readonly note: string | null;
  readonly until: string | null;
}

/** How far Temporal knows of a schedule. */
export interface PlanView {
  readonly is_armed: boolean;
  readonly armed_version: number | null;
  readonly armed_at: string | null;
  readonly problem: string | null;
  readonly planned_until: string | null;
  readonly is_short: boolean;
  readonly calendars: number | null;
  readonly zone_data: string | null;
}

/** A schedule as lists show it. */
export interface ScheduleSummary {
  readonly id: string;
  readonly name: string;
  readonly version: number;
  readonly job: string;
  readonly words: string;
  readonly timezone: string;
  readonly state: ScheduleState;
  readonly stopped_reason: string | null;
  readonly pause: PauseView | null;
  readonly client: string | null;
  readonly priority: number | null;
  readonly definition: ScheduleDefinition;
  readonly plan: PlanView;
  readonly next_at: string | null;
  readonly next_local: string | null;
  readonly last_fire_at: string | null;
  readonly last_run: string | null;
  readonly last_status: RunStatus | null;
  readonly created_at: string;
  readonly created_by: string;
  readonly updated_at: string;
  readonly updated_by: string;
}

/** A schedule with its text. */
export interface ScheduleView extends ScheduleSummary {
  readonly source: string;
  readonly format: 'yaml' | 'json';
}

/** Something its author should know or must change. */
export interface ScheduleProblem {
  readonly pointer: string;
  readonly message: string;
  readonly severity: 'error' | 'warning';
}

export interface ScheduleSaved extends ScheduleView {
  readonly warnings: readonly ScheduleProblem[];
}

/** Moments that came and started nothing. */
export interface MissedView {
  readonly count: number;
  readonly at_least: boolean;
  readonly from: string;
  readonly to: string;
}

export interface ResumedView extends ScheduleView {
  readonly missed: MissedView;
  readonly backfill: string | null;
}

/** Schedules that one request is about. */
export interface ManyView {
  readonly count: number;
  readonly schedules: readonly string[];
}

/** Whether all schedules are stopped. */
export interface StopView extends PauseView {
  readonly stopped: boolean;
}

/** What clocks show at a moment. */
interface ShownTime {
  readonly time: string;
  readonly abbreviation: string;
}

/** One moment of a preview. */
export interface MomentView {
  readonly at: string;
  readonly wall: string;
  readonly local: ShownTime;
  readonly viewer: ShownTime | null;
  readonly marks: readonly Mark[];
  readonly starts: boolean;
  readonly reason: 'dst' | 'blackout' | 'window' | null;
}

/** What a schedule would start when. */
export interface PreviewView {
  readonly valid: boolean;
  readonly problems: readonly ScheduleProblem[];
  readonly words: string | null;
  readonly zone: string | null;
  readonly zone_data: string;
  readonly from: string | null;
  readonly moments: readonly MomentView[];
  readonly complete: boolean;
  readonly until: string | null;
  readonly spacing: { readonly shortest: string; readonly longest: string } | null;
}

/** What became of one moment of a schedule. */
/** What is particular about a moment. */
export interface MarkedMoment {
  readonly marks: readonly Mark[];
  /** The time that the schedule names, where marks are and no calendar put it off. */
  readonly wall: string | null;
  /** The policies that decided on the marks. */
  readonly dst: { readonly gap: GapPolicy; readonly fold: FoldPolicy } | null;
}

export interface FireView extends MarkedMoment {
  readonly id: string;
  readonly schedule: string;
  readonly nominal_at: string;
  readonly nominal_local: string | null;
  readonly again: number;
  readonly trigger: FireTrigger;
  readonly status: FireStatus;
  readonly reason: MissedReason | null;
  readonly message: string | null;
  readonly run: {
    readonly id: string;
    readonly number: number | null;
    readonly status: RunStatus | null;
    readonly started_at: string | null;
    readonly ended_at: string | null;
  } | null;
  readonly backfill: string | null;
  readonly asked_by: string | null;
  readonly overlap: OverlapPolicy | null;
  readonly parameters: JsonObject | null;
  readonly note: string | null;
  readonly created_at: string;
  readonly decided_at: string | null;
}

/** A range of a schedule's past that is started after all. */
export interface BackfillView {
  readonly id: string;
  readonly schedule: string;
  readonly from: string;
  readonly to: string;
  readonly reprocess: 'missing' | 'failed' | 'all';
  readonly max_active: number;
  readonly order: 'oldest' | 'newest';
  readonly ignore_calendars: boolean;
  readonly note: string | null;
  readonly actor: string;
  readonly status: 'running' | 'completed' | 'cancelled';
  readonly total: number;
  readonly started: number;
  readonly active: number;
  readonly ended: number;
  readonly failed: number;
  readonly refused: number;
  readonly progress: number;
  readonly created_at: string;
  readonly ended_at: string | null;
}

/** What a backfill would start. */
export interface DryRunView {
  readonly dry_run: true;
  readonly schedule: string;
  readonly hash: string;
  readonly total: number;
  readonly fires: readonly {
    readonly nominal_at: string;
    readonly local_time: string;
    readonly marks: readonly Mark[];
    /** The time that the schedule names; null where a calendar put the moment off. */
    readonly wall: string | null;
    readonly earlier_run: string | null;
  }[];
}

/** A moment of a backfill. */
export interface BackfillFireView {
  readonly n: number;
  readonly nominal_at: string;
  readonly local_time: string;
  readonly earlier_run: string | null;
  readonly status: 'pending' | 'started' | 'ended' | 'refused' | 'cancelled';
  readonly error: string | null;
  readonly run: string | null;
  readonly run_status: RunStatus | null;
}

/** A schedule in the list, with how it fared of late. */
export interface ListedSchedule extends ScheduleSummary {
  /** Its moments of the last 24 hours that started nothing; 1000 at most. */
  readonly missed_last_day: number;
}

/** What a schedule meant from a moment on. */
export interface VersionView {
  readonly version: number;
  readonly words: string;
  readonly definition: ScheduleDefinition;
  readonly from_at: string;
  readonly author: string;
}

/** A time during which a schedule was to start nothing. */
export interface PastPause {
  readonly id: string;
  readonly kind: 'paused' | 'maintenance' | 'failure' | 'stopped';
  readonly of_all: boolean;
  readonly from: string;
  readonly until: string | null;
  readonly by: string;
  readonly note: string | null;
  readonly resumed_by: string | null;
}
