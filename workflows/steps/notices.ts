import { proxyLocalActivities, uuid4 } from '@temporalio/workflow';
import type { HoldNotice } from '#jobs/holds/kind.ts';
import type { NoticesCall } from '../messages.ts';
import type { OpenRun } from '../open-run.ts';

const { writeNotices } = proxyLocalActivities<{ writeNotices(call: NoticesCall): Promise<void> }>({
  startToCloseTimeout: '20s',
  retry: { initialInterval: '200ms', backoffCoefficient: 2, maximumInterval: '10s', maximumAttempts: 20 },
});

/** Has people told of a step that waits; the run does not wait for it. */
export function tellPeople(run: OpenRun, key: string, notices: readonly HoldNotice[]): void {
  const { run: id, project, plan } = run.input;
  const numbered = notices.map((notice) => ({ ...notice, id: uuid4() }));
  run.shielded
    .run(() => writeNotices({ run: id, project, job: plan.job, key, notices: numbered }))
    // Whoever is asked finds it in his list all the same.
    .catch(() => undefined);
}
