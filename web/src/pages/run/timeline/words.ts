import { plural } from '../../../words/counted.ts';
import { speak } from '../../../words/speak.ts';

/** The words of the timeline. */
export const t = speak({
  'line.squeeze': 'Squeeze gaps',
  'line.attempts': 'Attempt',
  'line.all_attempts': 'All attempts',
  'line.attempt': (number: number) => `Attempt ${number}`,
  'line.zoom_in': 'Zoom in',
  'line.zoom_out': 'Zoom out',
  'line.fit': 'Fit',
  'line.whole': 'All of the time is shown.',
  'line.closest': 'It is as close as it gets.',
  'line.earlier': 'Earlier',
  'line.later': 'Later',
  'line.drag': 'Drag to zoom in',
  'line.folded': (count: number) => plural(count, 'completed', 'completed'),
  'line.gap': (long: string) => `⫽ ${long}`,
  'line.queue': (long: string) => `Waited ${long} until it began`,
  'line.critical': 'on the critical path',
  'line.next_attempt': 'next attempt',
  'line.legend_queue': 'waits to begin',
  'line.legend_attempt': 'attempt',
  'line.legend_pause': 'pause before the next attempt',
  'line.legend_critical': 'bold: critical path',
});
