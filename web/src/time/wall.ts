const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'] as const;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;

const WALL = /^(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2}))?)?/;

/** What a wall shows, as the server wrote it (`2027-03-28T03:30:00+02:00`), in words: `Sun 28 Mar 2027 03:30`; it is read as it stands and never converted. The year is left out where it is `year`. */
export const wallWords = (text: string, thisYear?: number): string => {
  const [, year, month, day, hour, minute, second] = WALL.exec(text) ?? [];
  if (year === undefined) return text;
  const weekday = DAYS[new Date(Date.UTC(Number(year), Number(month) - 1, Number(day))).getUTCDay()];
  const date = `${weekday} ${Number(day)} ${MONTHS[Number(month) - 1]}${Number(year) === thisYear ? '' : ` ${year}`}`;
  if (hour === undefined) return date;
  return `${date} ${hour}:${minute}${second === undefined || second === '00' ? '' : `:${second}`}`;
};

/** `03:30` of what a wall shows. */
export const wallClock = (text: string): string => text.slice(11, 16);

/** An abbreviation as people say it; where the zone data has only a number (`-03`), `UTC−03`. */
export const abbreviationWords = (abbreviation: string): string =>
  /^[+-]/.test(abbreviation) ? `UTC${abbreviation.replace('-', '−')}` : abbreviation;
