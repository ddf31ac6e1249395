import type { Database } from '#db/client.ts';
import { findOutputs } from '#db/queries/earlier-steps.ts';
import type { OutputsCall, OutputsReport } from '#workflows/messages.ts';

/** The activity by which a run reads what it begins with and what was too large to travel along. */
export const createReadOutputs = ({ sql }: Pick<Database, 'sql'>) => ({
  readOutputs: async ({ run, keys }: OutputsCall): Promise<OutputsReport> => ({ outputs: await findOutputs(sql, run, keys) }),
});
