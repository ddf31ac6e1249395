/** The places where people look at what they own, which tell when something there has changed, and what it takes to read each. */
export const PLACES = {
  schedules: 'schedule:read',
  calendars: 'calendar:read',
  targets: 'target:read',
  credentials: 'credential:read',
  weights: 'worker:read',
  users: 'user:read',
  groups: 'user:read',
  tokens: 'token:own',
} as const;
export type Place = keyof typeof PLACES;

/** Whether a word names such a place. */
export const isPlace = (word: string): word is Place => Object.hasOwn(PLACES, word);
