import { type Field, text } from './search-state.ts';

/** The name of a time zone whose clocks this browser can tell; empty when absent. */
export const zoneName = (): Field<string> => ({
  ...text(100),
  read: (given) => ({ value: tells(given) ? given : null }),
});

const tells = (zone: string): boolean => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }) !== undefined;
  } catch {
    return false;
  }
};
