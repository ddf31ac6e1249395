import { speak } from '../../words/speak.ts';

/** What trying one step says. */
export const t = speak({
  'trial.title': (step: string) => `Test step ${step}?`,
  'trial.effect':
    'It is carried out for real, as a run of its own that is marked test. Steps before it are not; what they handed on is given below.',
  'trial.back': 'Do not run it',
  'trial.act': 'Run this step',
  'trial.inputs': 'What the steps before it handed on',
  'trial.none': 'It comes first: no step hands anything on to it.',
  'trial.from': 'Take it from a run',
  'trial.given': 'as given below',
  'trial.run': (number: number, status: string) => `#${number} · ${status}`,
  'trial.outputs': (step: string) => `Outputs of ${step}`,
  'trial.outputs_hint': 'JSON, e.g. {"text": "…"}; left empty, what the run above recorded is taken.',
  'trial.not_json': 'This is no JSON object.',
  'trial.started': (step: string, number: number) => `Test of ${step} runs as #${number}.`,
  'trial.open': 'Open the run',
});
