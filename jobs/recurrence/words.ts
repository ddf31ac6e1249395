import { formatDuration, parseDuration } from '../duration.ts';
import { SCHEDULE_DEFAULTS, type ScheduleDefinition } from '../schedules/definition.ts';
import { type Rule, ruleOf } from '../schedules/rule.ts';
import { DAY_MS, wallText } from './civil.ts';
import { dayWords } from './day-words.ts';
import { listed } from './listed.ts';
import type { Pattern } from './pattern.ts';
import { timeWords } from './time-words.ts';

/** When a schedule that was checked starts something, in plain English: `at 02:30 every weekday, Europe/Berlin; a time the clocks leave out is moved ahead`. */
export function wordsOf(definition: ScheduleDefinition): string {
  const rule = ruleOf(definition);
  const zone = definition.timezone ?? SCHEDULE_DEFAULTS.timezone;
  return [whenWords(rule, zone), boundWords(definition), calendarWords(definition), jitterWords(definition), policyWords(rule, zone)].join(
    '',
  );
}

function whenWords(rule: Rule, zone: string): string {
  if (rule.kind === 'every') return `every ${formatDuration(rule.everyMs)}, counted from ${instant(rule.anchor)}`;
  if (rule.kind === 'wall') return `${rule.patterns.map(patternWords).join(', and ')}, ${zone}`;
  return 'at' in rule.when ? `once, at ${instant(rule.when.at)}` : `once, at ${wallText(rule.when.wall).replace('T', ' ')}, ${zone}`;
}

const instant = (moment: number): string => new Date(moment).toISOString().replace('.000Z', 'Z');

function patternWords(pattern: Pattern): string {
  const time = timeWords(pattern.minutes);
  if (pattern.kind === 'dates') {
    const days = dayWords(pattern);
    // Nobody says "every minute every day".
    return days === 'every day' && time.startsWith('every') ? time : `${time} ${days}`;
  }
  const days = `${time} every ${pattern.every === 1 ? 'day' : `${pattern.every} days`}`;
  // Every day is every day, wherever counting begins long ago.
  return pattern.every === 1 && pattern.from === 0 ? days : `${days} from ${wallText(pattern.from * DAY_MS).slice(0, 10)} on`;
}

function boundWords({ start_at, end_at }: ScheduleDefinition): string {
  return `${start_at === undefined ? '' : `, from ${start_at} on`}${end_at === undefined ? '' : `, before ${end_at}`}`;
}

const USE_WORDS = { block: 'not during', only: 'only during', defer: 'put off past' } as const;

function calendarWords({ calendars = [] }: ScheduleDefinition): string {
  return (['only', 'block', 'defer'] as const)
    .map((use) => [use, calendars.filter((one) => one.use === use).map(({ name }) => name)] as const)
    .filter(([, names]) => names.length > 0)
    .map(([use, names]) => `, ${USE_WORDS[use]} ${listed(names)}`)
    .join('');
}

const jitterWords = ({ jitter }: ScheduleDefinition): string =>
  jitter === undefined ? '' : `, each up to ${formatDuration(parseDuration(jitter))} later`;

/** Only where clocks may change and the rule goes by them. */
function policyWords(rule: Rule, zone: string): string {
  if (rule.kind === 'every' || zone === 'UTC' || (rule.kind === 'once' && 'at' in rule.when)) return '';
  const gap = `; a time the clocks leave out is ${rule.gap === 'shift' ? 'moved ahead' : 'dropped'}`;
  if (rule.fold === 'first') return gap;
  return `${gap}, one they show twice counts ${rule.fold === 'both' ? 'both times' : 'the second time'}`;
}
