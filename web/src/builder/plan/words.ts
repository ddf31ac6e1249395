import { plural } from '../../words/counted.ts';
import { speak } from '../../words/speak.ts';

/** What the plan of a draft says. */
export const t = speak({
  'plan.title': (job: string) => `What a run of ${job} would do`,
  'plan.says': 'Nothing is executed. Targets are those that stand in the inventory now.',
  'plan.draw': 'Draw up plan',
  'plan.again': 'Draw up again',
  'plan.busy': 'Drawing up…',
  'plan.close': 'Close',
  'plan.stale': 'The parameters have changed since; draw it up again.',
  'plan.steps': 'Steps in their order',
  'plan.number': 'Place',
  'plan.step': 'Step',
  'plan.after': 'After',
  'plan.on': 'Where',
  'plan.secrets': 'Secrets',
  'plan.nothing': 'at once',
  'plan.runs_no': 'does not run',
  'plan.runs_later': 'decided at run time',
  'plan.no_target': 'no target',
  'plan.parts_later': 'known at run time',
  'plan.more': (count: number) => `and ${plural(count, 'more', 'more')}`,
  'plan.on_failure': 'on failure',
  'plan.on_cancel': 'on cancel',
  'plan.on_undo': 'to undo',
  'plan.locks': (locks: string) => `The run holds ${locks}.`,
});
