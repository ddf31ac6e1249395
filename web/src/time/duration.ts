import { formatDuration, parseDuration } from '#jobs/duration.ts';

/** A duration as definitions have it, `90m`, as people read it: `1 h 30 m`; what is none is shown as it came. */
export const durationWords = (text: string): string => {
  try {
    return formatDuration(parseDuration(text));
  } catch {
    return text;
  }
};
