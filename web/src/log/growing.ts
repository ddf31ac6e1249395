import { hasEnded, type StepStatus } from '#jobs/run-state.ts';

/** True while a step of this status may still write. */
export const isGrowing = (status: StepStatus): boolean => !hasEnded(status) && status !== 'waiting';
