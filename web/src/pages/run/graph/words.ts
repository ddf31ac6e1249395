import { grouped, plural } from '../../../words/counted.ts';
import { speak } from '../../../words/speak.ts';

/** The words of the graph. */
export const t = speak({
  'graph.label': 'Steps by what they need, from left to right; arrow keys follow the edges',
  'graph.drawing': 'Drawing the graph…',
  'graph.failed': 'The graph could not be laid out. The table shows the same steps.',
  'graph.zoom_in': 'Zoom in',
  'graph.zoom_out': 'Zoom out',
  'graph.fit': 'Fit',
  'graph.no_further': 'It goes no further.',
  'graph.stage': (from: number, to: number) => (from === to ? `Stage ${grouped(from)}` : `Stages ${grouped(from)} to ${grouped(to)}`),
  'graph.steps': (count: number) => plural(count, 'step', 'steps'),
  'graph.more': (count: number) => `${grouped(count)} more`,
  'graph.folded': (count: number, most: number) =>
    `${grouped(count)} steps: above ${grouped(most)}, stages are folded. Choose one to open it.`,
});
