import { speak } from '../../words/speak.ts';

/** The words of the page of templates. */
export const t = speak({
  'templates.title': 'Templates',
  'templates.none': 'There is no template.',
  'templates.use': 'Use template',
  'templates.use_of': (title: string) => `Make a job from “${title}”`,
  'templates.name': 'Name of the job',
  'templates.make': 'Create job',
  'templates.leave': 'Make none',
  'templates.made': (name: string) => `Job ${name} created.`,
  'templates.source': 'What it says',
});
