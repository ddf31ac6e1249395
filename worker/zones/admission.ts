import { ApplicationFailure, type Context } from '@temporalio/activity';
import type { ActivityInterceptorsFactory } from '@temporalio/worker';
import type { AdmissionLine } from './admission-line.ts';

const BEAT_MS = 1_000;
const USUAL_PRIORITY = 5;

/** Has each step of a queue wait for its turn before anything of it is done. Meanwhile it tells Temporal that it is there, with what an attempt before it told last. */
export const admission =
  (line: AdmissionLine, queue: string): ActivityInterceptorsFactory =>
  (context) => ({
    inbound: {
      execute: async (input, next) => {
        const { priority, heartbeatDetails } = context.info;
        const beat = setInterval(() => context.heartbeat(heartbeatDetails), BEAT_MS);
        const turn = line.enter(queue, priority?.priorityKey ?? USUAL_PRIORITY, context.cancellationSignal);
        const leave = await turn.catch(() => givenUp(context)).finally(() => clearInterval(beat));
        try {
          return await next(input);
        } finally {
          leave();
        }
      },
    },
  });

/** A step that is not cancelled but taken from this worker has only waited: it stands in its queue again at once, whatever rest its failures would mean. */
function givenUp({ cancellationDetails, cancelled }: Context): Promise<never> {
  if (cancellationDetails?.cancelRequested) return cancelled;
  throw ApplicationFailure.create({ message: 'it was taken from the worker before it began', type: 'lost', nextRetryDelay: 1 });
}
