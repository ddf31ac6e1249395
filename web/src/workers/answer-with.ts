import type { Asked, Said } from './messages.ts';

/** Makes the worker that calls this answer what it is asked; what is thrown is told to whoever asked. */
export const answerWith = <Question, Answer>(answer: (question: Question) => Answer): void => {
  const said = ({ id, question }: Asked<Question>): Said<Answer> => {
    try {
      return { id, answer: answer(question) };
    } catch (error) {
      return { id, error: error instanceof Error ? (error.stack ?? String(error)) : String(error) };
    }
  };
  // No browser says this on the console of a page.
  addEventListener('securitypolicyviolation', (event) => {
    const { effectiveDirective, blockedURI } = event as SecurityPolicyViolationEvent;
    postMessage({ kept: `${effectiveDirective} ${blockedURI}` } satisfies Said<Answer>);
  });
  addEventListener('message', ({ data }: MessageEvent<Asked<Question>>) => postMessage(said(data)));
};
