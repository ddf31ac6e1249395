import { canonical } from '#jobs/canonical.ts';
import type { Json } from '#jobs/json.ts';
import type { ScheduleDefinition } from '#jobs/schedules/definition.ts';
import { t } from '../words.ts';

const textOf = (value: unknown): string => {
  const text = typeof value === 'string' ? value : canonical(value as Json);
  return text.length > 120 ? `${text.slice(0, 119)}…` : text;
};

/** What one version of a schedule says otherwise than the one before it, a sentence a field. */
export const changesOf = (before: ScheduleDefinition, after: ScheduleDefinition): readonly string[] => {
  const was = Object.entries(before);
  const is = Object.entries(after);
  const changed = is.flatMap(([name, value]) => {
    const [, old] = was.find(([one]) => one === name) ?? [];
    if (old === undefined) return [t('history.added', name, textOf(value))];
    return canonical(old as Json) === canonical(value as Json) ? [] : [t('history.field', name, textOf(old), textOf(value))];
  });
  const gone = was.filter(([name]) => !is.some(([one]) => one === name));
  return [...changed, ...gone.map(([name, value]) => t('history.removed', name, textOf(value)))];
};
