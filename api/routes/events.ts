import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { Hono } from 'hono';
import { z } from 'zod';
import { can } from '../access/can.ts';
import { signedIn } from '../access/identity.ts';
import { describe, query } from '../describe.ts';
import type { Env } from '../env.ts';
import { isTopic, MAX_TOPICS, permissionOf, TOPICS } from '../live/topics.ts';
import { HttpProblem } from '../problem.ts';

const Topics = z
  .string()
  .meta({ description: `Comma-separated: ${TOPICS}` })
  .transform((text) => [...new Set(text.split(','))])
  .refine((topics) => topics.length <= MAX_TOPICS, `expected at most ${MAX_TOPICS} topics`)
  .refine((topics) => topics.every(isTopic), `expected some of ${TOPICS}, separated by commas`);

/** One stream a browser, for everything it shows. */
export const events = new Hono<Env>().get(
  '/',
  can('run:read'),
  describe({
    tag: 'events',
    summary:
      'Live changes as server-sent events: `data` is {topic, run | step | job | queue | key, last | run_id, key, notice | deleted}, of a place where something changed {topic} alone, once a second at most; nothing of a topic that one may not read; `ping` every 15 s; `resync` when what was missed cannot be replayed, of the `topics` it names or of all, read before event `since`. A GET that names topics in `Capstan-Topics` answers with `Capstan-Event`: a stream of them from that event (`last_event_id`, within a minute) misses nothing that was not read',
    answers: { 200: 'text/event-stream' },
  }),
  query(z.strictObject({ topics: Topics, last_event_id: z.string().max(40).optional() })),
  (c) => {
    const { streams } = c.var.services;
    const identity = signedIn(c);
    const { topics, last_event_id } = c.req.valid('query');
    const lacking = (topic: string) => {
      const needed = permissionOf(topic);
      return needed === null || identity.permissions.has(needed) ? null : needed;
    };
    // All tabs of a browser share a stream, and one of them may not know yet what its reader may no longer read.
    const permitted = topics.filter((topic) => lacking(topic) === null);
    if (permitted.length === 0) {
      const needed = topics.map((topic) => `${lacking(topic)} (${topic})`).join(', ');
      throw new HttpProblem(403, `${identity.actor} lacks every permission that these topics need: ${needed}`);
    }
    if (!streams.hasRoom(identity)) {
      throw new HttpProblem(429, 'too many event streams are open with this login; close one', { headers: { 'Retry-After': '15' } });
    }
    streams.open(c.env.outgoing, identity, permitted, c.req.header('last-event-id') ?? last_event_id ?? null);
    return RESPONSE_ALREADY_SENT;
  },
);
