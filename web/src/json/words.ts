import { speak } from '../words/speak.ts';

/** The words of JSON values. */
export const t = speak({
  'json.more': (count: string) => `… and ${count} more`,
  'json.whole': 'The whole text',
});
