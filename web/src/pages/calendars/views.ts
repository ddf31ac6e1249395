import type { CalendarDefinition } from '#jobs/calendars/definition.ts';

/** How an import of a calendar stands. */
export interface FeedView {
  readonly url: string | null;
  readonly refresh_ms: number | null;
  readonly events: number;
  readonly instances: number;
  readonly fetched_at: string;
  readonly tried_at: string;
  readonly due_at: string;
  readonly attempts: number;
  readonly problem: string | null;
  readonly alarm: string | null;
}

/** A calendar as lists show it. */
export interface CalendarSummary {
  readonly id: string;
  readonly name: string;
  readonly version: number;
  /** null: that of whatever uses it. */
  readonly timezone: string | null;
  readonly note: string | null;
  readonly entries: number;
  readonly feed: FeedView | null;
  readonly updated_at: string;
  readonly updated_by: string;
}

export interface CalendarView extends CalendarSummary {
  readonly source: string;
  readonly format: 'yaml' | 'json';
  readonly definition: CalendarDefinition;
  readonly used_by: { readonly schedules: readonly string[]; readonly targets: readonly string[] };
}

/** A stretch of a calendar's time; its end is no part of it. */
export interface SpanView {
  readonly from: string;
  readonly to: string;
  readonly local_from: string;
  readonly local_to: string;
}

export interface SpansView {
  readonly timezone: string;
  readonly items: readonly SpanView[];
  readonly is_complete: boolean;
}

/** What a change of a calendar means for schedules that use it. */
export interface EffectsView {
  readonly until: string;
  readonly removed: number;
  readonly added: number;
  readonly moved: number;
  readonly schedules: readonly { readonly name: string; readonly removed: number; readonly added: number; readonly moved: number }[];
  readonly is_complete: boolean;
  readonly changes: readonly {
    readonly schedule: string;
    readonly change: 'removed' | 'added' | 'moved';
    readonly at: string | null;
    readonly to: string | null;
    readonly wall: string;
  }[];
}

export interface CalendarDryRun {
  readonly dry_run: true;
  readonly name: string;
  readonly feed: { readonly events: number; readonly instances: number } | null;
  readonly timezone: string;
  readonly spans: readonly SpanView[];
  readonly effects: EffectsView;
}

export interface CalendarSaved extends CalendarView {
  readonly effects: EffectsView;
}
