import { plural } from '../../../words/counted.ts';
import { speak } from '../../../words/speak.ts';

/** The words of a run on paper. */
export const t = speak({
  'print.first_error': (step: string) => `First error: ${step}`,
  'print.steps': 'Steps',
  'print.step': 'Step',
  'print.status': 'Status',
  'print.started': 'Started',
  'print.duration': 'Duration',
  'print.more': (count: number) => `and ${plural(count, 'more step', 'more steps')}`,
});
