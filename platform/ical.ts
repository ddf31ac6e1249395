import { Worker } from 'node:worker_threads';
import { CALENDAR_LIMITS } from '#jobs/calendars/definition.ts';
import type { Horizon } from '#jobs/calendars/refresh.ts';
import { IcalProblem } from './ical/components.ts';
import type { IcalRead } from './ical/instances.ts';
import type { IcalAnswer, IcalTask } from './ical/thread.ts';

/** What a text may cost: days and times looked at, time of its own accord, and time after which it is ended whatever it does. */
const COST = { looks: 50_000_000, withinMs: 8_000, atMostMs: 12_000, memoryMb: 400 } as const;

/** Texts read at a time in one process; others wait. */
const AT_ONCE = 2;
let reading = 0;
const waiting: (() => void)[] = [];

/**
 * What an iCalendar text says of a span, worked out on a thread of its own that is ended when it takes too long.
 * Throws IcalProblem for what is no such text and for one beyond the limits.
 */
export async function readIcal(text: string, span: Horizon): Promise<IcalRead> {
  const bytes = Buffer.byteLength(text);
  if (bytes > CALENDAR_LIMITS.icalBytes)
    throw new IcalProblem(null, `the text has ${bytes} bytes; at most ${CALENDAR_LIMITS.icalBytes} are read`);
  if (reading >= AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve));
  else reading += 1;
  try {
    return await onThread({ text, span, looks: COST.looks, withinMs: COST.withinMs });
  } finally {
    const next = waiting.shift();
    if (next) next();
    else reading -= 1;
  }
}

function onThread(task: IcalTask): Promise<IcalRead> {
  const thread = new Worker(new URL('ical/thread.ts', import.meta.url), {
    workerData: task,
    resourceLimits: { maxOldGenerationSizeMb: COST.memoryMb },
  });
  return new Promise<IcalRead>((resolve, reject) => {
    const late = setTimeout(() => {
      reject(new IcalProblem(null, `its rules take more than ${COST.atMostMs / 1_000} s to work out`));
      void thread.terminate();
    }, COST.atMostMs);
    thread.once('message', (answer: IcalAnswer) => {
      if ('read' in answer) resolve(answer.read);
      else reject(new IcalProblem(answer.problem.line, answer.problem.message));
    });
    thread.once('error', (error) =>
      reject(isOutOfMemory(error) ? new IcalProblem(null, 'it takes more memory than there is for one calendar') : error),
    );
    thread.once('exit', () => {
      clearTimeout(late);
      reject(new Error('the thread that reads calendars ended without an answer'));
    });
  });
}

const isOutOfMemory = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ERR_WORKER_OUT_OF_MEMORY';
