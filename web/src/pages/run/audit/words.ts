import { speak } from '../../../words/speak.ts';

/** The words of who did what to a run. */
export const t = speak({
  'audit.caption': 'Who did what to this run, newest first',
  'audit.none': 'Nobody has done anything to this run.',
  'audit.more': 'Show earlier',
  'audit.request': 'request',
});
