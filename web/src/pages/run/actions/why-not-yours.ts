import { readHold } from '../holds/read-hold.ts';
import type { SteeredStep } from './desk.ts';
import { t } from './words.ts';

/** Why an approval is not this person's to give; undefined: it is. */
export const whyNotYours = (step: Pick<SteeredStep, 'hold' | 'waiting_for' | 'status'>, name: string): string | undefined => {
  const hold = readHold(step);
  if (hold?.kind !== 'approval') return undefined;
  if (hold.answers.some(({ actor }) => actor === name)) return t('answer.yours');
  return hold.barred.includes(name) ? t('answer.barred') : undefined;
};
