import { ordinal } from '#jobs/holds/lock.ts';
import { t } from '../words.ts';
import type { ShownHold } from './read-hold.ts';

/** What a step waits for in a few words that follow its name; moments are told beside them. */
export function plainHold(hold: ShownHold): string {
  switch (hold.kind) {
    case 'approval': {
      const given = hold.answers.filter(({ decision }) => decision === 'approved').length;
      return t('hold.waits_approval', hold.approvers.join(', ') || t('hold.anyone'), given, hold.count);
    }
    case 'timer':
      return t('hold.waits_timer');
    case 'rate':
      return t('hold.waits_rate', hold.resource);
    case 'window':
      return t('hold.waits_window', hold.target);
    case 'signal':
      return t('hold.waits_signal', hold.name);
    case 'webhook':
      return t('hold.waits_webhook');
    case 'lock':
      return t('hold.waits_lock', hold.key, hold.position === null ? '' : ordinal(hold.position), runs(hold.heldBy));
    case 'run':
      return t('hold.waits_run', hold.number, hold.job);
    case 'intervention':
      return t('hold.waits_intervention');
  }
}

/** Holders that a sentence names; the step's own facts link them all. */
const MOST_NAMED = 3;

const runs = (numbers: readonly number[]): string =>
  numbers
    .slice(0, MOST_NAMED)
    .map((number) => t('run.numbered', number))
    .join(', ');
