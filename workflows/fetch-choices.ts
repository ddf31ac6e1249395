import { proxyActivities } from '@temporalio/workflow';
import type { ChoicesAnswer, ChoicesCall } from '#jobs/choices.ts';

const { askForChoices } = proxyActivities<{ askForChoices(call: ChoicesCall): Promise<ChoicesAnswer> }>({
  taskQueue: 'bookkeeping',
  scheduleToCloseTimeout: '10s',
  retry: { maximumAttempts: 1 },
});

/** Asks an address for what a person may choose. */
export const fetchChoices = (call: ChoicesCall): Promise<ChoicesAnswer> => askForChoices(call);
