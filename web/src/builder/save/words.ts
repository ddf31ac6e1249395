import { plural } from '../../words/counted.ts';
import { speak } from '../../words/speak.ts';

/** What saving says. */
export const t = speak({
  'save.title': (name: string, version: number) => `Save ${name} as v${version}?`,
  'save.create': 'Create this job?',
  'save.act': (version: number) => `Save as v${version}`,
  'save.create_act': 'Create job',
  'save.back': 'Go on editing',
  'save.message': 'Message',
  'save.message_hint': 'What changes and why, for whoever reads the versions later. May be left out.',
  'save.barred': (problems: number) => `${plural(problems, 'problem', 'problems')} to mend first`,
  'save.saved': (name: string, version: number) => `Saved ${name} as v${version}.`,
  'save.created': (name: string) => `Created ${name}.`,
  'save.same': (name: string) => `${name} says what it said before: no version was made.`,
  'save.open': 'Open the job',
  'conflict.title': (name: string, version: number | null) =>
    version === null ? `${name} was saved meanwhile` : `${name} was saved as v${version} meanwhile`,
  'conflict.says': 'Both texts are below. Nothing is lost until you choose.',
  'conflict.mine': 'Mine',
  'conflict.theirs': (version: number) => `Theirs, v${version}`,
  'conflict.keep': (version: number) => `Keep mine: save as v${version}`,
  'conflict.take': 'Take theirs',
  'conflict.edit': 'Go on editing mine',
  'conflict.loading': 'Reading what was saved…',
});
