import { expectTypeOf, test } from 'vitest';
import type { z } from 'zod';
import type * as agendas from '#api/views/agenda.ts';
import type * as backfills from '#api/views/backfill.ts';
import type * as schedules from '#api/views/schedule.ts';
import type * as fires from '#api/views/schedule-fire.ts';
import type * as histories from '#api/views/schedule-history.ts';
import type * as previews from '#api/views/schedule-preview.ts';
import type { Page } from '../../api/views.ts';
import type { AgendaView } from './agenda/views.ts';
import type * as views from './views.ts';

type Answer<S extends z.ZodType> = z.output<S>;

// Proven by the type check: the page's own declarations must accept whatever the API's schemas promise.
test('everything the pages of schedules read is something the API promises', () => {
  expectTypeOf<Answer<typeof schedules.ScheduleSummary>>().toExtend<views.ScheduleSummary>();
  expectTypeOf<Answer<typeof schedules.ListedSchedule>>().toExtend<views.ListedSchedule>();
  expectTypeOf<Answer<typeof histories.ScheduleVersionView>>().toExtend<views.VersionView>();
  expectTypeOf<Answer<typeof histories.SchedulePauseView>>().toExtend<views.PastPause>();
  expectTypeOf<Answer<typeof schedules.ScheduleView>>().toExtend<views.ScheduleView>();
  expectTypeOf<Answer<typeof schedules.ScheduleSaved>>().toExtend<views.ScheduleSaved>();
  expectTypeOf<Answer<typeof schedules.ResumedView>>().toExtend<views.ResumedView>();
  expectTypeOf<Answer<typeof schedules.ManyPaused>>().toExtend<views.ManyView>();
  expectTypeOf<Answer<typeof schedules.StopView>>().toExtend<views.StopView>();
  expectTypeOf<Answer<typeof previews.SchedulePreview>>().toExtend<views.PreviewView>();
  expectTypeOf<Answer<typeof fires.ScheduleFirePage>>().toExtend<Page<views.FireView>>();
  expectTypeOf<Answer<typeof backfills.BackfillView>>().toExtend<views.BackfillView>();
  expectTypeOf<Answer<typeof backfills.BackfillDryRun>>().toExtend<views.DryRunView>();
  expectTypeOf<Answer<typeof backfills.BackfillFireView>>().toExtend<views.BackfillFireView>();
  expectTypeOf<Answer<typeof agendas.AgendaPage>>().toExtend<AgendaView>();
});
