import type { JsonObject } from '#jobs/json.ts';

/** A step type as the palette, forms and completion need it. */
export interface StepTypeView {
  readonly type: string;
  readonly title: string;
  readonly target: string | null;
  readonly config: JsonObject;
  readonly result: JsonObject;
  readonly examples: readonly JsonObject[];
}

/** One thing that the server says is wrong. */
export interface SaidProblem {
  readonly pointer: string;
  readonly message: string;
  readonly severity: 'error' | 'warning';
  readonly line?: number | undefined;
  readonly column?: number | undefined;
}

/** What a save of a definition would find and do. */
export interface ValidationView {
  readonly valid: boolean;
  readonly name: string;
  readonly problems: readonly SaidProblem[];
  readonly would: { readonly action: 'create' | 'new_version' | 'nothing'; readonly version: number } | null;
  readonly today: { readonly findings: readonly SaidProblem[] } | null;
}

/** A definition to begin from. */
export interface TemplateView {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly source: string;
}

/** One step of what a run would do. */
export interface PlannedStepView {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly needs: readonly string[];
  readonly on: 'steps' | 'failure' | 'cancel' | 'undo';
  readonly runs: 'yes' | 'no' | 'later';
  readonly why: string | null;
  readonly parts: readonly { readonly key: string; readonly target: string | null }[] | null;
  readonly parts_total: number | null;
  readonly secrets: { readonly [name: string]: string };
  readonly error: string | null;
}

/** What a run of a draft would do. */
export interface DraftPlanView {
  readonly job: string;
  readonly locks: readonly { readonly key: string }[];
  readonly steps: readonly PlannedStepView[];
  readonly warnings: readonly string[];
  readonly closed: readonly { readonly step: string; readonly target: string; readonly message: string }[];
}
