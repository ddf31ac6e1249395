import { speak } from '../words/speak.ts';

/** The words of charts. */
export const t = speak({
  'chart.as_table': 'Show as table',
  'chart.as_chart': 'Show as chart',
  'chart.time': 'Time',
  'chart.keys': 'Arrow keys move, Shift chooses a range, Enter applies it, Escape lets go.',
  'chart.at': (time: string, values: string) => `${time}: ${values}`,
  'chart.chosen': (from: string, to: string) => `${from} to ${to}`,
});
