import { setTimeout as sleep } from 'node:timers/promises';
import { Context } from '@temporalio/activity';
import type { Client } from '@temporalio/client';
import type { Database } from '#db/client.ts';
import { listArmed, listShortPlans, renewPlans, type Standing, standingOf, tellAgain } from '#db/queries/schedules/reconcile-twins.ts';
import { scheduleOfTwin } from '#jobs/schedules/twin-id.ts';
import { markOf } from '#jobs/schedules/twin-note.ts';
import type { Logger } from '#platform/logging.ts';
import { type ListedTwin, listTwins, removeTwin } from '#platform/temporal/schedule-twin.ts';
import { zoneData } from '#platform/zone-data.ts';

interface PlannerDeps {
  readonly database: Pick<Database, 'sql'>;
  readonly client: Client;
  readonly log: Logger;
}

const PAGE = 500;
/** Between two batches of plans, so that what people change does not wait behind all of them. */
const REST_MS = 5_000;
const SHORT_SHOWN = 20;

/** Activities that keep Temporal's schedules as ours are, and reaching far ahead. */
export const createPlanSchedules = ({ database: { sql }, client, log }: PlannerDeps) => ({
  /** Takes schedules away from Temporal that are none of ours, and has those told again that it lacks or knows otherwise; answers how many were amiss. */
  async matchTwins(): Promise<number> {
    const known = new Set<string>();
    let amiss = 0;
    for await (const page of listTwins(client, PAGE)) {
      const twins = new Map(
        page.flatMap((twin) => {
          const id = scheduleOfTwin(twin.id);
          return id === null ? [] : [[id, twin] as const];
        }),
      );
      const standing = new Map((await standingOf(sql, [...twins.keys()])).map((one) => [one.id, one]));
      const strays = [...twins].filter(([id]) => !standing.has(id));
      for (const [, { id }] of strays) await removeTwin(client, id);
      const wrong = [...standing.values()].filter((one) => one.is_settled && !isAsTold(one, twins.get(one.id))).map(({ id }) => id);
      await tellAgain(sql, wrong);
      amiss += strays.length + wrong.length;
      for (const id of standing.keys()) known.add(id);
      Context.current().heartbeat();
    }
    let after: string | null = null;
    for (;;) {
      const ids: readonly string[] = await listArmed(sql, after, PAGE);
      const lacking = ids.filter((id) => !known.has(id));
      await tellAgain(sql, lacking);
      amiss += lacking.length;
      after = ids.at(-1) ?? null;
      if (ids.length < PAGE) return amiss;
    }
  },

  /** Has schedules planned again whose horizon has come nearer or whose zone data are others, a batch at a time; says which reach too near. Answers how many. */
  async renewHorizons(): Promise<number> {
    const { version } = zoneData();
    let renewed = 0;
    for (;;) {
      const some = await renewPlans(sql, version, PAGE);
      renewed += some;
      if (some < PAGE) break;
      Context.current().heartbeat();
      await sleep(REST_MS);
    }
    const short = await listShortPlans(sql, SHORT_SHOWN);
    if (short.length > 0) log.warn({ schedules: short }, 'schedules are planned for less than a year ahead');
    return renewed;
  },
});

const isAsTold = ({ name, version, is_held }: Standing, twin: ListedTwin | undefined): boolean =>
  twin === undefined || (twin.note.startsWith(`${markOf(name, version)};`) && twin.paused === is_held);
