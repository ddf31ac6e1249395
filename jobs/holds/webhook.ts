import type { JsonObject, JsonSchema } from '../json.ts';
import { type HoldKind, shownMoment } from './kind.ts';
import { moveOfReceiving, type Receiving } from './message.ts';

/** Until something is posted to the step's own address, which takes one body that fits the schema. */
export interface WebhookHold extends Receiving {
  readonly kind: 'webhook';
  /** Null: any body. */
  readonly schema: JsonSchema | null;
}

export const webhookKind: HoldKind<WebhookHold> = {
  waitingFor: 'signal',
  moment: ({ until }) => until,
  move: (hold, now) =>
    moveOfReceiving(hold, now, 'the call of its webhook', (message) => ({
      received: message !== null,
      body: message?.data ?? null,
      at: shownMoment(message?.at ?? null),
    })),
  show: ({ schema, since, until }) => ({
    kind: 'webhook',
    schema: schema as JsonObject | null,
    since: shownMoment(since),
    until: shownMoment(until),
  }),
};
