import { proxyLocalActivities } from '@temporalio/workflow';
import type { waitSignal } from '#activities/wait-signal/spec.ts';
import type { waitWebhook } from '#activities/wait-webhook/spec.ts';
import type { HoldMove } from '#jobs/holds/kind.ts';
import { beginReceiving, signalBox, webhookBox } from '#jobs/holds/message.ts';
import type { WebhookHold } from '#jobs/holds/webhook.ts';
import type { Json, JsonSchema } from '#jobs/json.ts';
import type { ConfigOf } from '#jobs/step.ts';
import type { Arrival, ArrivalCall } from '../messages.ts';
import type { OpenRun } from '../open-run.ts';

const { takeArrival } = proxyLocalActivities<{ takeArrival(call: ArrivalCall): Promise<Arrival | null> }>({
  startToCloseTimeout: '20s',
  retry: { initialInterval: '200ms', backoffCoefficient: 2, maximumInterval: '10s' },
});

/** Waits for a signal; one that came early is taken from the run's state. */
export const beginSignal = (_run: OpenRun, _key: string, config: ConfigOf<typeof waitSignal>): HoldMove => ({
  to: 'hold',
  hold: { kind: 'signal', name: config.name, ...beginReceiving(signalBox(config.name), config, Date.now()) },
});

/** Waits for a call from outside; one that came before the step began stands in Postgres. */
export async function beginWebhook({ input }: OpenRun, key: string, config: ConfigOf<typeof waitWebhook>): Promise<HoldMove> {
  const box = webhookBox(key);
  const arrival = await takeArrival({ run: input.run, key });
  const hold: WebhookHold = {
    kind: 'webhook',
    schema: (config.schema ?? null) as (Json & JsonSchema) | null,
    ...beginReceiving(box, config, Date.now()),
    ...(arrival && { received: { box, data: arrival.body, by: null, at: arrival.at } }),
  };
  return { to: 'hold', hold };
}
