import { hasEnded, hasEndedBadly, STEP_STATUSES, type StepStatus } from '#jobs/run-state.ts';
import type { StepSummary } from '../../api/views.ts';
import { t } from './words.ts';

/** How many parts a step has, begun or not; null: it has none. */
export const partsTotal = ({ parts, targets }: Pick<StepSummary, 'parts' | 'targets'>): number | null => parts ?? targets?.length ?? null;

/** How far a step's parts are, e.g. `12 of 40, 1 failed`, or what became of them all, e.g. `1 of 40 failed`; null for a step without. */
export function partsWords(step: Pick<StepSummary, 'parts' | 'targets' | 'parts_by_status'>): string | null {
  const total = partsTotal(step);
  if (total === null || step.parts_by_status === null) return null;
  const counts = step.parts_by_status;
  const sum = (is: (status: StepStatus) => boolean): number =>
    STEP_STATUSES.filter(is).reduce((all, status) => all + (counts[status] ?? 0), 0);
  const notable = [
    [sum(hasEndedBadly), 'failed'],
    [counts.cancelled ?? 0, 'cancelled'],
    [counts.skipped ?? 0, 'skipped'],
    [counts.waiting ?? 0, 'waiting'],
    [counts.paused ?? 0, 'paused'],
  ] as const;
  const words = notable.flatMap(([count, word]) => (count > 0 ? [{ count, word }] : []));
  const ended = sum(hasEnded);
  const [only] = words;
  if (only && words.length === 1 && ended === total) return `${t('parts.done', only.count, total)} ${only.word}`;
  return [t('parts.done', ended, total), ...words.map(({ count, word }) => `${count.toLocaleString()} ${word}`)].join(', ');
}
