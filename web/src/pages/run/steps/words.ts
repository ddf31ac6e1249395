import { grouped, plural } from '../../../words/counted.ts';
import { speak } from '../../../words/speak.ts';

/** The words that the views of a run's steps share. */
export const t = speak({
  'steps.tools': 'What is shown of the steps',
  'steps.problems': 'Problems only',
  'steps.filter': 'Filter steps',
  'steps.as_table': 'Show as table',
  'steps.next_attempt': 'Next attempt at',
  'steps.next': 'Next step',
  'steps.previous': 'Previous step',
  'steps.none': 'No step matches.',
  'steps.all': 'Show all steps',
  'steps.no_plan': 'The plan of this run has no steps.',
  'steps.dropped': (names: string) => `The address says what nobody understands: ${names}`,
  'steps.unknown': (key: string) => `This run has no step ${key}, or it has not begun; another one is shown.`,
  'steps.pick': 'Step',
  'steps.pick_host': 'Host',
  'steps.pick_part': 'Part',
  'steps.pick_all': (parts: number) => `all ${grouped(parts)} together`,
  'steps.pick_more': (more: number) => `${grouped(more)} more: type to find them`,
  'steps.pick_find': (what: string) => `Find in ${what}`,
  'steps.pick_hint': 'Find, Enter',
  'steps.pick_found': (count: number) => plural(count, 'match', 'matches'),
  'table.caption': 'Steps of the run',
  'table.step': 'Step',
  'table.host': 'Host',
  'table.status': 'Status',
  'table.attempt': 'Attempt',
  'table.started': 'Started',
  'table.duration': 'Duration',
  'table.needs': 'Starts after',
});
