import { z } from 'zod';
import type { Json, JsonObject } from '#jobs/json.ts';

/** Any JSON value, as stored. */
export const json = z.custom<Json>(() => true).meta({ description: 'any JSON value' });

/** A JSON object, as stored. */
export const jsonObject = z
  .custom<JsonObject>((value) => typeof value === 'object' && value !== null && !Array.isArray(value), 'expected an object')
  .meta({ type: 'object' });

/** A yes or no in a query string. */
export const flag = z.enum(['true', 'false']).transform((text) => text === 'true');

/** A moment, ISO 8601 in UTC. */
export const instant = z.string().meta({ format: 'date-time' });

/** One page of a list: `next` is the cursor for `?after=`, null on the last page. */
export const pageOf = <S extends z.ZodType>(item: S) => z.object({ items: z.array(item), next: z.string().nullable() });

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** True for a text Postgres takes as an id; any other names nothing. */
export const isUuid = (text: string): boolean => UUID.test(text);

/** What a page that can be turned back says beside its items. */
export const prev = z
  .string()
  .nullable()
  .meta({ description: 'the cursor for `?before=`, null where it is known that there is nothing before' });
