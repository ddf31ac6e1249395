import { grouped, plural } from '../../../words/counted.ts';
import { speak } from '../../../words/speak.ts';

/** The words of a run's header. */
export const t = speak({
  'state.steps': (done: number, all: number) => `${grouped(done)}/${grouped(all)} steps`,
  'state.failed': (count: number) => `${grouped(count)} failed`,
  'state.retries': (count: number) => `retry ${grouped(count)}`,
  'state.newer': (version: number) => `newer: v${version}`,
  'state.newer_hint': (version: number) => `The job is at version ${version} by now. A re-run asks which one it is to follow.`,
  'state.by': (trigger: string) => `by ${trigger}`,
  'state.who': (who: string) => `, ${who}`,
  'state.schedule': 'by schedule',
  'state.nominal': (at: string) => `for ${at}`,
  'state.nominal_hint': 'The moment of the schedule that this run stands for, whenever it began.',
  'state.paused': 'no further step starts until it is resumed.',
  'state.client': 'client',
  'state.ref': 'ref',
  'state.priority': (priority: number) => `priority ${priority}`,
  'state.reuses': (count: number) => `reuses ${plural(count, 'step', 'steps')}`,
  'state.news': (number: number, status: string) => `Run #${grouped(number)}: ${status}`,
  'parameters.title': (count: number) => plural(count, 'parameter', 'parameters'),
  'parameters.secret': 'secret, kept nowhere',
  'parameters.masked': '•••',
});
