import type { PartCount, PlannedStep } from '../plan.ts';

/** How many parts a number or a percentage means; a percentage of few is at least one. */
export const sizeOfGroup = (size: PartCount, total: number): number =>
  Math.max(1, 'count' in size ? size.count : Math.floor((total * size.percent) / 100));

/** How many parts of so many may fail while the step still completes. */
export function tolerated({ fail }: Pick<PlannedStep, 'fail'>, total: number): number {
  if (!fail) return 0;
  return 'count' in fail.tolerate ? fail.tolerate.count : Math.floor((total * fail.tolerate.percent) / 100);
}

/** Which part stands at a place of the order in which parts are begun. */
export const partAtPlace = ({ order }: Pick<PlannedStep, 'order'>, place: number, total: number): number =>
  order === 'reverse' ? total - 1 - place : place;
