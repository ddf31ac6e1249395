import { SCHEDULE_DEFAULTS, type ScheduleDefinition } from '#jobs/schedules/definition.ts';
import type { Mark, MomentView } from './views.ts';
import { t } from './words.ts';

/** What is particular about a moment, in words, with the policy that decided; `wall` is what the rule names (`2027-03-28T02:30`), null where nobody can tell, and the policies are the schedule's own. */
export const markWords = (mark: Mark, wall: string | null, dst: ScheduleDefinition['dst'] | null): string => {
  const gap = dst?.gap ?? SCHEDULE_DEFAULTS.gap;
  const fold = dst?.fold ?? SCHEDULE_DEFAULTS.fold;
  const time = wall?.slice(11, 16) ?? null;
  switch (mark) {
    case 'gap-skipped':
      return t('mark.skipped', time, gap);
    case 'shifted':
      return t('mark.shifted', time, gap);
    case 'fold-first':
      return t('mark.twice_first', time, fold);
    case 'fold-second':
      return t('mark.twice_second', time, fold);
    case 'blackout':
      return t('mark.blackout');
    case 'window':
      return t('mark.window');
    case 'deferred':
      return t('mark.deferred', time);
  }
};

/** All of it, for one moment of a preview. */
export const momentWords = (moment: Pick<MomentView, 'marks' | 'wall'>, { dst }: Pick<ScheduleDefinition, 'dst'>): readonly string[] =>
  moment.marks.map((mark) => markWords(mark, moment.wall, dst ?? null));
