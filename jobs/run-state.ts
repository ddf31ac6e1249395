/** Every status a run or a step can show, in the order a list sorts them; one definition for database, API, page and command line. */
export const RUN_STATUSES = [
  'pending',
  'scheduled',
  'queued',
  'running',
  'retrying',
  'waiting',
  'paused',
  'completed',
  'failed',
  'cancelled',
  'timed_out',
  'missed',
  'lost',
] as const;
export type RunStatus = (typeof RUN_STATUSES)[number];

/** A step knows every status of a run, and may also be skipped. */
export const STEP_STATUSES = [...RUN_STATUSES, 'skipped'] as const;
export type StepStatus = (typeof STEP_STATUSES)[number];

/** What a `waiting` run or step waits for. */
export const WAITING_FOR = ['approval', 'intervention', 'timer', 'signal', 'window', 'lock'] as const;
export type WaitingFor = (typeof WAITING_FOR)[number];

const ENDED = new Set<StepStatus>(['completed', 'failed', 'cancelled', 'timed_out', 'missed', 'lost', 'skipped']);
const ENDED_BADLY = new Set<StepStatus>(['failed', 'timed_out', 'missed', 'lost']);

/** True once the status can never change again. */
export const hasEnded = (status: StepStatus): boolean => ENDED.has(status);

/** True for the ends a person has to look at; `cancelled` was someone's wish and is not one of them. */
export const hasEndedBadly = (status: StepStatus): boolean => ENDED_BADLY.has(status);

export type StatusGroup = 'not_started' | 'active' | 'needs_person' | 'done' | 'done_badly';

/** How a status looks everywhere: Lucide icon name, word, colours of the light and the dark theme, and the group it counts in. */
export interface StatusLook {
  readonly icon: string;
  readonly word: string;
  readonly light: `#${string}`;
  readonly dark: `#${string}`;
  readonly group: StatusGroup;
}

export const STATUS_LOOK = {
  pending: { icon: 'circle-dashed', word: 'Pending', light: '#52606d', dark: '#a3b1bf', group: 'not_started' },
  scheduled: { icon: 'calendar-clock', word: 'Scheduled', light: '#52606d', dark: '#a3b1bf', group: 'not_started' },
  queued: { icon: 'layers', word: 'Queued', light: '#3e4c9a', dark: '#a9b4ff', group: 'not_started' },
  running: { icon: 'loader-circle', word: 'Running', light: '#0b5cad', dark: '#79b8ff', group: 'active' },
  retrying: { icon: 'rotate-cw', word: 'Retrying', light: '#8a4b08', dark: '#f2b45c', group: 'active' },
  waiting: { icon: 'hand', word: 'Waiting', light: '#7a3ea8', dark: '#d0a5f5', group: 'needs_person' },
  paused: { icon: 'circle-pause', word: 'Paused', light: '#5f5a10', dark: '#d9d27a', group: 'needs_person' },
  completed: { icon: 'circle-check', word: 'Completed', light: '#1a6b3c', dark: '#6fd08c', group: 'done' },
  failed: { icon: 'circle-x', word: 'Failed', light: '#b3261e', dark: '#ff9a91', group: 'done_badly' },
  timed_out: { icon: 'timer-off', word: 'Timed out', light: '#a3341a', dark: '#ffa585', group: 'done_badly' },
  cancelled: { icon: 'ban', word: 'Cancelled', light: '#4a5560', dark: '#b5c0cb', group: 'done' },
  missed: { icon: 'calendar-x', word: 'Missed', light: '#8f2d62', dark: '#f5a3cf', group: 'done_badly' },
  lost: { icon: 'circle-question-mark', word: 'Lost: outcome unknown', light: '#7d1d3f', dark: '#ff9ab8', group: 'done_badly' },
  skipped: { icon: 'skip-forward', word: 'Skipped', light: '#5b6875', dark: '#a3b1bf', group: 'done' },
} as const satisfies Record<StepStatus, StatusLook>;
