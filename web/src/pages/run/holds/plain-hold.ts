import { t } from '../../../words.ts';
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
    case 'signal':
      return t('hold.waits_signal', hold.name);
    case 'webhook':
      return t('hold.waits_webhook');
    case 'lock':
      return t('hold.waits_lock', hold.key);
    case 'run':
      return t('hold.waits_run', hold.number, hold.job);
    case 'intervention':
      return t('hold.waits_intervention');
  }
}
