import type { Asked, Said } from './messages.ts';

/** Whoever works beside the page, and answers in the order of the questions. */
export interface Asker<Question, Answer> {
  /** Rejects when there is no answer: what answers cannot be loaded, throws, says what cannot be read or nothing for too long. The next question is put to a new worker then. */
  ask(question: Question): Promise<Answer>;
  /** Ends the worker; what was asked is not answered any more. Another question starts a new one. */
  stop(): void;
}

/** So long a worker may say nothing while it is asked something. */
const LONGEST_MS = 60_000;

/** Questions are counted over all askers: an answer that comes late is nobody else's. */
let last = 0;

/** Asks a worker that is started with the first question. Whatever goes wrong there is said on the console of the page too, for nobody else sees into a worker that is ended. */
export const createAsker = <Question, Answer>(start: () => Worker, longestMs: number = LONGEST_MS): Asker<Question, Answer> => {
  const waiting = new Map<number, { readonly resolve: (answer: Answer) => void; readonly reject: (error: Error) => void }>();
  let worker: Worker | null = null;
  let silence: ReturnType<typeof setTimeout> | undefined;

  const end = () => {
    clearTimeout(silence);
    worker?.terminate();
    worker = null;
  };
  const fail = (why: string) => {
    end();
    console.error(`A worker of the page failed: ${why}`);
    const lost = [...waiting.values()];
    waiting.clear();
    for (const { reject } of lost) reject(new Error(why));
  };
  const listen = () => {
    clearTimeout(silence);
    if (waiting.size > 0) silence = setTimeout(() => fail(`it said nothing for ${longestMs / 1000} s`), longestMs);
  };
  const hear = (said: Said<Answer>) => {
    if ('kept' in said) return console.error(`A worker of the page was kept from what its policy forbids: ${said.kept}`);
    const asked = waiting.get(said.id);
    waiting.delete(said.id);
    listen();
    if ('answer' in said) return asked?.resolve(said.answer);
    console.error(`A worker of the page could not answer: ${said.error}`);
    asked?.reject(new Error(said.error));
  };
  const begin = (): Worker => {
    const begun = start();
    const unlessEnded = (then: () => void) => {
      if (worker === begun) then();
    };
    begun.addEventListener('message', ({ data }: MessageEvent<Said<Answer>>) => unlessEnded(() => hear(data)));
    begun.addEventListener('messageerror', () => unlessEnded(() => fail('what it said cannot be read')));
    begun.addEventListener('error', ({ message }) => unlessEnded(() => fail(message || 'it cannot be loaded')));
    return begun;
  };

  return {
    ask: (question) =>
      new Promise((resolve, reject) => {
        last += 1;
        worker ??= begin();
        worker.postMessage({ id: last, question } satisfies Asked<Question>);
        waiting.set(last, { resolve, reject });
        if (waiting.size === 1) listen();
      }),
    stop: () => {
      waiting.clear();
      end();
    },
  };
};
