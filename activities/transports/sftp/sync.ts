import type { StepContext } from '../../contract.ts';
import { type Route, sweeping } from './carry.ts';
import { ensureDirectory } from './directories.ts';
import type { FileOptions } from './options.ts';
import { sizeWords, TransferReport } from './report.ts';
import { apply } from './sync-apply.ts';
import { type CompareConfig, compare } from './sync-compare.ts';
import { type Action, actionLine } from './sync-plan.ts';

export interface SyncConfig extends FileOptions, CompareConfig {
  readonly preserve_permissions?: boolean | undefined;
  readonly dry_run?: boolean | undefined;
}

/** Actions that the result names; of more there are only counts. */
const NAMED = 200;
/** Actions that the log names; of a dry run all. */
const LOGGED = 1000;

/** Makes the directory `right` of one side like `left` of the other; a dry run says what that would take. */
export async function sync(step: StepContext, route: Route, left: string, right: string, config: SyncConfig) {
  const began = performance.now();
  const took = () => Math.round(performance.now() - began);
  const compared = await compare(route.from, left, route.to, right, config);
  const { actions } = compared;
  const result = {
    dry_run: config.dry_run === true,
    ...countsOf(actions),
    unchanged: compared.sources.size - actions.filter(({ do: what }) => what !== 'delete').length,
    plan: actions.slice(0, NAMED).map(({ do: what, relative }) => ({ do: what, path: relative })),
    plan_total: actions.length,
  };
  for (const action of config.dry_run ? actions : actions.slice(0, LOGGED)) await step.log.line('info', actionLine(action));
  if (config.dry_run) return { ...result, bytes: 0, resumed_from: 0, duration_ms: took(), transfer_rate_bps: 0 };

  await ensureDirectory(route.to, right, config.create_directories === true);
  const bytes = actions.reduce((sum, action) => sum + (action.do === 'new' || action.do === 'update' ? action.size : 0), 0);
  const report = new TransferReport(step, { files: actions.length, bytes });
  const done = await sweeping(step, route, actions.length, (parts) =>
    apply({ ...compared, step, route, right, options: config, report, parts }),
  );
  route.count({ files: done.files, bytes: done.bytes - done.resumedFrom });
  await step.log.line('info', `${actions.length} changes, ${done.files} files, ${sizeWords(done.bytes)} in ${took()} ms`);
  return { ...result, bytes: done.bytes, resumed_from: done.resumedFrom, duration_ms: took(), transfer_rate_bps: report.rate };
}

function countsOf(actions: readonly Action[]) {
  const count = (...kinds: readonly Action['do'][]): number => actions.filter(({ do: what }) => kinds.includes(what)).length;
  return {
    files: count('new', 'update'),
    directories: count('directory'),
    links: count('link'),
    deleted: count('delete'),
    attributes: count('attributes'),
  };
}
