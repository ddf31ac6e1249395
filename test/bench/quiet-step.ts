import type { StepContext } from '#activities/contract.ts';

/** What of a step a bench chooses. */
type Chosen = Pick<StepContext, 'run' | 'key' | 'signal' | 'ssh'> & { readonly file_roots?: readonly string[] };

/** A step of which nothing is kept. */
export function quietStep({ file_roots = [], ...chosen }: Chosen): StepContext {
  const nothing = () => undefined;
  return {
    ...chosen,
    attempt: 1,
    round: 0,
    execution: { number: 1, reattached: false },
    timeoutMs: 3_600_000,
    log: {
      write: async () => nothing(),
      line: async () => nothing(),
      tail: () => ({ stdout: '', stderr: '' }),
      stored: { stdout: 0, stderr: 0 },
      recall: nothing,
      lines: 0,
      settled: async () => nothing(),
    },
    permits: { local_exec: false, http_allow: [], file_roots },
    secrets: new Map(),
    checkpoint: nothing,
    resumeFrom: () => null,
    progress: nothing,
    hasRunFor: nothing,
    onTimeout: nothing,
    masked: (text) => text,
    isFollowed: () => false,
    target: null,
    command: nothing,
    transfer: nothing,
  };
}
