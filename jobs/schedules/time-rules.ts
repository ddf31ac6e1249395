import { formatDuration, parseDuration } from '../duration.ts';
import { errorAt, type Problem } from '../problem.ts';
import { wallText } from '../recurrence/civil.ts';
import { nextStarts } from '../recurrence/next.ts';
import { leastSpacing } from '../recurrence/pattern.ts';
import type { Span } from '../recurrence/wanted.ts';
import { momentAfterGap, momentsShowing } from '../zones/wall.ts';
import type { Zone } from '../zones/zone.ts';
import type { ScheduleDefinition } from './definition.ts';
import type { OnceRule, Rule } from './rule.ts';
import { meansSameTimes } from './same-times.ts';
import type { ScheduleKind } from './schema.ts';

const YEAR_MS = 366 * 86_400_000;

/** What is wrong with when a rule starts something, by the clocks of its zone. */
export function* timeViolations(
  definition: ScheduleDefinition,
  kind: ScheduleKind,
  rule: Rule,
  zone: Zone,
  now: number,
  before: ScheduleDefinition | null,
): Generator<Problem> {
  yield* jitterViolations(definition, rule);
  if (rule.kind === 'once') {
    const unclear = [...onceViolations(definition, rule, zone)];
    yield* unclear;
    if (unclear.length > 0) return;
  } else if (rule.startAt !== null && rule.endAt !== null && rule.startAt >= rule.endAt) {
    yield errorAt('/end_at', `${JSON.stringify(definition.end_at)} is not after start_at`, { value: definition.end_at ?? null });
    return;
  }
  if (nextStarts(rule, zone, now, 1).length === 0) yield* nothingLeft(definition, kind, rule, now, before);
  else yield* foldWarnings(definition, rule, zone, now);
}

function* jitterViolations({ jitter }: ScheduleDefinition, rule: Rule): Generator<Problem> {
  if (jitter === undefined) return;
  const spacing = rule.kind === 'every' ? rule.everyMs : rule.kind === 'wall' ? leastSpacing(rule.patterns) : Number.POSITIVE_INFINITY;
  if (parseDuration(jitter) < spacing) return;
  yield errorAt('/jitter', `${JSON.stringify(jitter)} is not shorter than the time between two starts, ${formatDuration(spacing)}`, {
    value: jitter,
  });
}

function* onceViolations({ scheduled_for, timezone, dst }: ScheduleDefinition, rule: OnceRule, zone: Zone): Generator<Problem> {
  if (!('wall' in rule.when)) return;
  const { wall } = rule.when;
  const value = scheduled_for ?? null;
  const place = `${JSON.stringify(scheduled_for)} in ${timezone ?? zone.name}`;
  const moments = momentsShowing(wall, zone);
  if (moments.length === 0 && dst?.gap !== 'shift') {
    const shifted = momentAfterGap(wall, zone);
    const later = wallText(shifted + zone.offsetAt(shifted));
    yield errorAt('/scheduled_for', `${place} is left out by the clocks; write ${later}, or dst: { gap: shift } which means the same`, {
      value,
    });
  }
  if (moments.length > 1 && dst?.fold !== 'first' && dst?.fold !== 'second') {
    const [first, second] = moments.map((moment) => new Date(moment).toISOString().replace('.000Z', 'Z'));
    yield errorAt(
      '/scheduled_for',
      `${place} comes twice, at ${first} and at ${second}; write one of them, or dst: { fold: first } or { fold: second }`,
      { value },
    );
  }
}

/** While a change leaves alone when it starts, that this is over is no reason to refuse the change. */
function* nothingLeft(
  definition: ScheduleDefinition,
  kind: ScheduleKind,
  rule: Rule,
  now: number,
  before: ScheduleDefinition | null,
): Generator<Problem> {
  const [field, says] = whatIsOver(definition, kind, rule, now);
  const isOld = before !== null && meansSameTimes(before, definition);
  const problem = errorAt(`/${field}`, says, { value: (definition[field] as string | undefined) ?? null });
  yield isOld ? { ...problem, severity: 'warning' } : problem;
}

type WhenField = ScheduleKind | 'start_at' | 'end_at' | 'anchor' | 'from';

/** Which field leaves nothing to start, and what to say of it. */
function whatIsOver(definition: ScheduleDefinition, kind: ScheduleKind, rule: Rule, now: number): readonly [WhenField, string] {
  const far = BEGINNINGS.find((field) => definition[field] !== undefined && beginningOf(definition[field]) > now + NEAR_MS);
  if (far !== undefined)
    return [far, `${JSON.stringify(definition[far])} is too far ahead; nothing starts in the coming ${NEAR_YEARS} years`];
  if (kind === 'scheduled_for') return [kind, `${JSON.stringify(definition.scheduled_for)} has passed`];
  if (rule.kind !== 'once' && rule.endAt !== null) return ['end_at', `nothing starts before ${JSON.stringify(definition.end_at)}`];
  return [kind, 'never fires: the clocks of its zone leave out every such time'];
}

const BEGINNINGS = ['scheduled_for', 'start_at', 'anchor', 'from'] as const;

/** Whoever looks for the next start looks no further. */
const NEAR_YEARS = 40;
const NEAR_MS = NEAR_YEARS * YEAR_MS;

/** As it stands: what zone it is in makes no difference over decades. */
const beginningOf = (text: string | undefined): number => Date.parse(text ?? '');

/** Who starts something many times a day seldom means to do nothing for the hour that comes twice. */
function* foldWarnings({ dst }: ScheduleDefinition, rule: Rule, zone: Zone, now: number): Generator<Problem> {
  if (rule.kind !== 'wall' || dst?.fold !== undefined) return;
  const change = zone.transitions(now, now + YEAR_MS).find(({ offsetMs, beforeMs }) => offsetMs < beforeMs);
  if (!change) return;
  const again = { from: change.at, to: change.at + change.beforeMs - change.offsetMs };
  if (leastSpacing(rule.patterns) > again.to - again.from || !startsWithin({ ...rule, fold: 'both' }, zone, again)) return;
  const [from, to] = [again.from, again.to].map((moment) => new Date(moment).toISOString().slice(0, 16));
  const message = `dst.fold: nothing starts from ${from}Z to ${to}Z, when the clocks show the same times again; write dst: { fold: both } if it is to go on`;
  yield { pointer: '/dst/fold', message, severity: 'warning' };
}

const startsWithin = (rule: Rule, zone: Zone, { from, to }: Span): boolean => nextStarts(rule, zone, from - 1, 1, [], to).length > 0;
