import { canonical } from '#jobs/canonical.ts';
import type { Json, JsonObject } from '#jobs/json.ts';
import {
  type CalendarRule,
  type CalendarUse,
  type FieldWords,
  SCHEDULE_DEFAULTS,
  type ScheduleDefinition,
} from '#jobs/schedules/definition.ts';
import { SCHEDULE_KINDS, type ScheduleKind } from '#jobs/schedules/schema.ts';
import { readTarget, targetWords } from '#jobs/target-words.ts';

export const CALENDAR_FIELDS = [
  'month',
  'day',
  'weekday',
  'nth_weekday',
  'hour',
  'minute',
] as const satisfies readonly (keyof CalendarRule)[];
export type CalendarField = (typeof CALENDAR_FIELDS)[number];

/** The fields of a calendar rule as they are typed. */
export type CalendarTexts = { readonly [field in CalendarField]: string };

/** A schedule while it is being written: texts as they are typed, whatever they are worth. */
export interface Draft {
  readonly name: string;
  readonly job: string;
  readonly version: string;
  readonly note: string;
  readonly kind: ScheduleKind;
  readonly cron: string;
  readonly calendar: readonly CalendarTexts[];
  readonly every: string;
  readonly anchor: string;
  readonly every_days: string;
  readonly at: string;
  readonly from: string;
  readonly scheduled_for: string;
  readonly timezone: string;
  readonly gap: string;
  readonly fold: string;
  readonly overlap: string;
  readonly catchup_window: string;
  readonly jitter: string;
  readonly start_at: string;
  readonly end_at: string;
  readonly parameters: Json | undefined;
  readonly target: string;
  readonly priority: string;
  readonly client: string;
  readonly calendars: readonly { readonly name: string; readonly use: CalendarUse }[];
  readonly pause_on_failure: boolean;
}

export const NO_TIMES: CalendarTexts = { month: '', day: '', weekday: '', nth_weekday: '', hour: '', minute: '' };

const wordsText = (words: FieldWords | undefined): string => (words === undefined ? '' : [words].flat().join(', '));

const timesOf = (rule: CalendarRule): CalendarTexts => ({
  month: wordsText(rule.month),
  day: wordsText(rule.day),
  weekday: wordsText(rule.weekday),
  nth_weekday: wordsText(rule.nth_weekday),
  hour: wordsText(rule.hour),
  minute: wordsText(rule.minute),
});

const textsOf = (value: number | string | undefined): string => (value === undefined ? '' : String(value));

const whenOf = (definition: Partial<ScheduleDefinition>) => ({
  kind: SCHEDULE_KINDS.find((kind) => definition[kind] !== undefined) ?? ('cron' as const),
  cron: textsOf(definition.cron),
  calendar: definition.calendar === undefined ? [NO_TIMES] : ([definition.calendar].flat() as CalendarRule[]).map(timesOf),
  every: textsOf(definition.every),
  anchor: textsOf(definition.anchor),
  every_days: textsOf(definition.every_days),
  at: textsOf(definition.at),
  from: textsOf(definition.from),
  scheduled_for: textsOf(definition.scheduled_for),
  timezone: definition.timezone ?? SCHEDULE_DEFAULTS.timezone,
  gap: definition.dst?.gap ?? SCHEDULE_DEFAULTS.gap,
  fold: definition.dst?.fold ?? SCHEDULE_DEFAULTS.fold,
});

/** The texts that stand for a definition. */
export const draftOf = (definition: Partial<ScheduleDefinition>): Draft => ({
  ...whenOf(definition),
  name: textsOf(definition.name),
  job: textsOf(definition.job),
  version: definition.version === 'latest' ? '' : textsOf(definition.version),
  note: textsOf(definition.note),
  overlap: definition.overlap ?? SCHEDULE_DEFAULTS.overlap,
  catchup_window: textsOf(definition.catchup_window),
  jitter: textsOf(definition.jitter),
  start_at: textsOf(definition.start_at),
  end_at: textsOf(definition.end_at),
  parameters: definition.parameters,
  target: definition.target === undefined ? '' : targetWords(definition.target),
  priority: textsOf(definition.priority),
  client: textsOf(definition.client),
  calendars: definition.calendars ?? [],
  pause_on_failure: definition.pause_on_failure ?? false,
});

/** A whole number where one is written; the server says what is wrong with anything else. */
const numberIn = (text: string): Json => (/^\d{1,9}$/.test(text.trim()) ? Number(text) : text.trim());

/** `1, 15` is a list of words; what is one word stays one, as a number where it is one. */
const wordsIn = (text: string): Json => {
  const words = text
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '')
    .map(numberIn);
  return words.length === 1 ? (words[0] as Json) : words;
};

const ruleIn = (texts: CalendarTexts): JsonObject =>
  Object.fromEntries(CALENDAR_FIELDS.flatMap((field) => (texts[field].trim() === '' ? [] : [[field, wordsIn(texts[field])] as const])));

/** The target that words name; words that name none are handed on, for the server to say so. */
const targetIn = (words: string): Json => {
  try {
    return readTarget(words.trim()) as Json;
  } catch {
    return words;
  }
};

const timesIn = (draft: Draft): JsonObject => {
  if (draft.kind === 'cron') return { cron: draft.cron.trim() };
  if (draft.kind === 'calendar') {
    const rules = draft.calendar.map(ruleIn);
    return { calendar: rules.length === 1 ? (rules[0] as Json) : rules };
  }
  if (draft.kind === 'every') return { every: draft.every.trim(), ...given({ anchor: draft.anchor }) };
  if (draft.kind === 'every_days') return { every_days: numberIn(draft.every_days), ...given({ at: draft.at, from: draft.from }) };
  return { scheduled_for: draft.scheduled_for.trim() };
};

const given = (texts: { readonly [name: string]: string }): JsonObject =>
  Object.fromEntries(Object.entries(texts).flatMap(([name, text]) => (text.trim() === '' ? [] : [[name, text.trim()]])));

const policiesIn = ({ kind, gap, fold }: Draft): JsonObject => {
  // Elapsed time knows no clocks that change, and the server refuses a word on them there.
  if (kind === 'every') return {};
  const dst = { ...(gap !== SCHEDULE_DEFAULTS.gap && { gap }), ...(fold !== SCHEDULE_DEFAULTS.fold && { fold }) };
  return Object.keys(dst).length === 0 ? {} : { dst };
};

const hasKeys = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && Object.keys(value).length > 0;

/** What a draft says, as the API takes it; whatever is empty or as it is anyway is left out. */
export const definitionOf = (draft: Draft): JsonObject => ({
  name: draft.name.trim(),
  job: draft.job.trim(),
  ...(draft.version.trim() !== '' && { version: numberIn(draft.version) }),
  ...timesIn(draft),
  ...(draft.timezone.trim() !== SCHEDULE_DEFAULTS.timezone && given({ timezone: draft.timezone })),
  ...policiesIn(draft),
  ...given({ start_at: draft.start_at, end_at: draft.end_at, jitter: draft.jitter, catchup_window: draft.catchup_window }),
  ...(draft.overlap !== SCHEDULE_DEFAULTS.overlap && { overlap: draft.overlap }),
  ...(draft.calendars.length > 0 && { calendars: draft.calendars.map(({ name, use }) => ({ name, use })) }),
  ...(hasKeys(draft.parameters) && { parameters: draft.parameters }),
  ...(draft.target.trim() !== '' && { target: targetIn(draft.target) }),
  ...(draft.priority.trim() !== '' && { priority: numberIn(draft.priority) }),
  ...given({ client: draft.client, note: draft.note }),
  ...(draft.pause_on_failure && { pause_on_failure: true }),
});

const isObject = (value: Json | undefined): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The JSON merge patch that makes one definition the other, so that the text that is kept changes in no other place. */
export const patchOf = (before: JsonObject, after: JsonObject): JsonObject => {
  const changed = Object.entries(after).flatMap(([name, value]): (readonly [string, Json])[] => {
    const old = before[name];
    if (old === undefined) return [[name, value]];
    if (canonical(old) === canonical(value)) return [];
    return [[name, isObject(old) && isObject(value) ? patchOf(old, value) : value]];
  });
  const gone = Object.keys(before).flatMap((name): (readonly [string, null])[] => (Object.hasOwn(after, name) ? [] : [[name, null]]));
  return Object.fromEntries([...changed, ...gone]);
};

/** What to patch of a schedule as it was written: what its author wrote out although it holds anyway is left alone. */
export const changesFrom = (written: ScheduleDefinition, draft: Draft): JsonObject =>
  patchOf(definitionOf(draftOf(written)), definitionOf(draft));
