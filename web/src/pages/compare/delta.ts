import { formatDuration } from '#jobs/duration.ts';

/** How much longer the second took: `+1 m 12 s`, `−3 s`, `±0`; empty where one of them is not known. */
export const deltaText = (a: number | null, b: number | null): string => {
  if (a === null || b === null) return '';
  const more = b - a;
  if (more === 0) return '±0';
  return `${more > 0 ? '+' : '−'}${formatDuration(Math.abs(more))}`;
};
