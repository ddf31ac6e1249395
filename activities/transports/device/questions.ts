/** A question that may come while a command runs, and its answer. */
export interface Question {
  matches(line: string): boolean;
  readonly send: string;
  /** Thrown when it is asked again after its answer. */
  readonly onlyOnce?: () => Error;
  /** The device ends the session after this answer, as it should. */
  readonly closes?: boolean;
  /** How long the line stands still before it counts. */
  readonly settleMs?: number;
}

const QUESTIONS = [
  /\[confirm\] ?$/i,
  /[[(](?:y|yes)(?:\/|,|\|)(?:n|no)(?:[/,|][a-z]{1,10})?[\])][^\n]{0,20}$/i,
  /\? ?(?:\[[^\]]{0,80}\])? ?:? ?$/,
  /(?:password|passphrase|passcode)[^:]{0,40}: ?$/i,
  /^[^\n]{1,120} \[[^\]]{0,80}\] ?[:?] ?$/,
];
const LONGEST = 500;

/** Whether a last line looks like a question, so that waiting for a prompt is in vain. */
export const isQuestion = (line: string): boolean => line.length <= LONGEST && QUESTIONS.some((pattern) => pattern.test(line));
