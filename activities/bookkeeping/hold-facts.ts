import { ApplicationFailure } from '@temporalio/activity';
import type { Database } from '#db/client.ts';
import { closedWindows } from '#db/queries/calendars/closed-windows.ts';
import { insertNotices } from '#db/queries/hold-notices.ts';
import { findArrival } from '#db/queries/webhook-arrivals.ts';
import type { ClosedWindow } from '#jobs/calendars/windows.ts';
import { instantOfLocal } from '#jobs/local-time.ts';
import { whyNoZone } from '#jobs/timezone.ts';
import { zoneData } from '#platform/zone-data.ts';
import type { Arrival, ArrivalCall, LocalTimeCall, NoticesCall, WindowsCall } from '#workflows/messages.ts';

/** The activities that tell a run what its waits depend on and it cannot know itself, and that tell people of them. */
export const createHoldFacts = ({ sql }: Pick<Database, 'sql'>) => ({
  takeArrival: (call: ArrivalCall): Promise<Arrival | null> => findArrival(sql, call),
  writeNotices: (call: NoticesCall): Promise<void> => insertNotices(sql, call),
  lookAtWindows: ({ project, targets }: WindowsCall): Promise<readonly ClosedWindow[]> =>
    closedWindows(sql, project, targets, zoneData(), Date.now()),
  resolveLocalTime: async ({ local, timezone }: LocalTimeCall): Promise<number> => {
    const zone = zoneData().zone(timezone);
    if (!zone) throw ApplicationFailure.nonRetryable(whyNoZone(timezone) ?? `no zone ${timezone}`, 'invalid_input');
    try {
      return instantOfLocal(local, zone);
    } catch (error) {
      if (error instanceof RangeError) throw ApplicationFailure.nonRetryable(error.message, 'invalid_input');
      throw error;
    }
  },
});
