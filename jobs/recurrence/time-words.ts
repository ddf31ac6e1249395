import { isRun, listed } from './listed.ts';

/** Times that are listed one by one, at most. */
const FEW = 6;

/** Minutes of a day, in order, in words: `at 02:30`, `every 15 minutes from 08:00 to 18:45`, `every hour`. */
export function timeWords(all: readonly number[]): string {
  const hours = [...new Set(all.map((time) => Math.floor(time / 60)))];
  const minutes = [...new Set(all.map((time) => time % 60))].sort((a, b) => a - b);
  // Times of different calendars need not be all minutes of all hours.
  if (all.length <= (hours.length === 24 ? 1 : FEW) || all.length !== hours.length * minutes.length) return `at ${listed(all.map(clock))}`;
  const often = everyWords(minutes);
  if (hours.length === 24) return often;
  if (isRun(hours) && minutes.length > 1) return `${often} from ${clock(all[0] ?? 0)} to ${clock(all.at(-1) ?? 0)}`;
  return `${often.replace(/^every hour at/, 'at')} of ${hourWords(hours)}`;
}

const clock = (minute: number): string => `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;

/** Of each hour. */
function everyWords(minutes: readonly number[]): string {
  const step = 60 / minutes.length;
  if (minutes.length === 60) return 'every minute';
  if (minutes.length === 1) return minutes[0] === 0 ? 'every hour' : `every hour at minute ${minutes[0]}`;
  const isEven = minutes.every((minute, at) => minute === (minutes[0] ?? 0) + at * step);
  if (isEven) return `every ${step} minutes${minutes[0] === 0 ? '' : `, first at minute ${minutes[0]}`}`;
  return `every hour at minutes ${isRun(minutes, 3) ? `${minutes[0]} to ${minutes.at(-1)}` : listed(minutes)}`;
}

const hourWords = (hours: readonly number[]): string => `hours ${isRun(hours, 3) ? `${hours[0]} to ${hours.at(-1)}` : listed(hours)}`;
