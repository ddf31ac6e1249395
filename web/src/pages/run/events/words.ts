import { speak } from '../../../words/speak.ts';

/** The words of what happened in a run. */
export const t = speak({
  'events.at': 'Time',
  'events.what': 'Of',
  'events.run': 'run',
  'events.status': 'Status',
  'events.who': 'By',
  'events.message': 'Message',
  'events.none': 'Nothing has happened yet.',
  'events.caption': 'Every status this run and its steps had',
  'events.only_run': 'Only the run itself',
});
