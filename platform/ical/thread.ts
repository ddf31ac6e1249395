import { parentPort, workerData } from 'node:worker_threads';
import type { Horizon } from '#jobs/calendars/refresh.ts';
import { zoneData } from '../zone-data.ts';
import { IcalProblem } from './components.ts';
import { type IcalRead, instancesIn } from './instances.ts';
import type { Budget } from './recurrences.ts';

/** What the thread is given. */
export interface IcalTask {
  readonly text: string;
  readonly span: Horizon;
  readonly looks: number;
  readonly withinMs: number;
}

/** What it answers. */
export type IcalAnswer = { readonly read: IcalRead } | { readonly problem: { readonly line: number | null; readonly message: string } };

function answer({ text, span, looks, withinMs }: IcalTask): IcalAnswer {
  const budget: Budget = { looks, deadline: performance.now() + withinMs };
  try {
    return { read: instancesIn(text, zoneData(), span, budget) };
  } catch (error) {
    if (error instanceof IcalProblem) return { problem: { line: error.line, message: error.message } };
    throw error;
  }
}

parentPort?.postMessage(answer(workerData as IcalTask));
