/** What the installation has, as far as the first steps go; what came with it as a sample does not count. */
export interface FirstFacts {
  readonly credentials: readonly { readonly sample: boolean }[];
  readonly targets: readonly { readonly sample: boolean; readonly last_check: { readonly healthy: boolean } | null }[];
  readonly jobs: readonly { readonly sample: boolean; readonly name: string }[];
  readonly completed: readonly { readonly sample: boolean }[];
  readonly schedules: readonly unknown[];
}

export const FIRST_STEPS = ['credential', 'target', 'job', 'run', 'schedule'] as const;
export type FirstStep = (typeof FIRST_STEPS)[number];

/** Which of the first steps have really happened. */
export const ticked = ({ credentials, targets, jobs, completed, schedules }: FirstFacts): ReadonlySet<FirstStep> => {
  const own = (one: { readonly sample: boolean }) => !one.sample;
  const done: readonly (readonly [FirstStep, boolean])[] = [
    ['credential', credentials.some(own)],
    ['target', targets.some((target) => own(target) && target.last_check?.healthy === true)],
    ['job', jobs.some(own)],
    ['run', completed.some(own)],
    ['schedule', schedules.length > 0],
  ];
  return new Set(done.flatMap(([step, isDone]) => (isDone ? [step] : [])));
};
