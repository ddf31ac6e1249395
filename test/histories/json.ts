import type { History } from '@temporalio/common/lib/proto-utils.js';
import proto from '@temporalio/proto';
import type { Json } from '#jobs/json.ts';

// Not by the SDK's own functions for this: they need one protobufjs for all its packages, which an install does not promise.
const { History: Schema } = proto.temporal.api.history.v1;

/** A history as JSON: enums by name, 64-bit numbers as text, bytes in base64. */
export const historyToJson = (history: History): Json =>
  Schema.toObject(Schema.fromObject(history), { enums: String, longs: String, bytes: String }) as Json;

/** The history that such JSON stands for. */
export const historyFromJson = (json: { readonly [field: string]: Json }): History => Schema.fromObject(json);
