import { formatDuration } from '#jobs/duration.ts';
import { STATUS_LOOK } from '#jobs/run-state.ts';
import type { RunView } from '../../../api/views.ts';
import { short } from '../../../components/visible.ts';
import { causeOf, type StepRow } from '../rows.ts';

/** Steps that a text tells of. */
const MOST_STEPS = 200;

const long = (ms: number | null): string => (ms === null ? '' : formatDuration(ms));

/** A run in a few lines of text, to be pasted into a message: what it was, how it ended and why, and its steps. */
export const runText = (run: RunView, rows: readonly StepRow[], url: string): string => {
  const cause = causeOf(run, rows);
  const facts = [
    run.version === null ? '' : `v${run.version}`,
    STATUS_LOOK[run.status].word,
    long(run.execution_time_ms),
    `by ${run.trigger} ${run.created_by}`,
    run.client ?? '',
    run.ref_num ?? '',
  ];
  const wholes = rows.filter(({ isPart }) => !isPart);
  const width = Math.min(40, Math.max(0, ...wholes.map(({ key }) => key.length)));
  const steps = wholes
    .slice(0, MOST_STEPS)
    .map(({ key, status, step }) =>
      `  ${key.padEnd(width)}  ${STATUS_LOOK[status].word.padEnd(10)}  ${long(step?.duration_ms ?? null)}`.trimEnd(),
    );
  const more = wholes.length - steps.length;
  return [
    `${run.job} #${run.number}: ${facts.filter((fact) => fact !== '').join(', ')}`,
    `started ${run.started_at ?? 'not yet'}${run.ended_at ? `, ended ${run.ended_at}` : ''}`,
    ...(cause ? [`why: ${short(cause.says.replaceAll('\n', ' '))}`] : []),
    'steps:',
    ...steps,
    ...(more > 0 ? [`  and ${more} more`] : []),
    url,
  ].join('\n');
};
