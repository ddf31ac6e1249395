import { grouped, plural } from '../../../words/counted.ts';
import { speak } from '../../../words/speak.ts';

/** The words of what runs and steps hand on. */
export const t = speak({
  'outputs.of_run': 'Outputs of the run',
  'outputs.of_step': 'Outputs of a step',
  'outputs.result': 'Result',
  'outputs.none': 'The job declares no outputs.',
  'outputs.none_yet': 'Outputs appear when the run completes.',
  'outputs.step_none': 'This step hands nothing on.',
  'outputs.step_not_begun': 'This step has not begun.',
  'outputs.rows': (count: number) => plural(count, 'row', 'rows'),
  'outputs.more': (more: number) => `Show ${grouped(more)} more`,
  'outputs.as_table': 'Table',
  'outputs.as_json': 'JSON',
  'outputs.formatted': 'Formatted',
  'outputs.as_written': 'As written',
  'outputs.show_as': (name: string) => `How ${name} is shown`,
  'outputs.yes': 'yes',
  'outputs.no': 'no',
});
