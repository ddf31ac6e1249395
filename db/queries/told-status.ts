import type { Queryable } from '../client.ts';

/** The status of run `r` as its workflow told it: that it is `retrying` the database adds by itself, as only the rows of its steps know (migration 0035). */
export const toldStatus = (sql: Queryable) => sql`case r.status when 'retrying' then 'running' else r.status end`;
