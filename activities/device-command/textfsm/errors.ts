/** Why a template could not be used on a text: it is no template, it said `Error` itself, or the text asks for too much work. */
export type TextFsmProblem = 'template' | 'unexpected_output' | 'too_much_work';

/** A failure of TextFSM, in the words of Python's where that has any. */
export class TextFsmError extends Error {
  override readonly name = 'TextFsmError';
  readonly problem: TextFsmProblem;

  constructor(problem: TextFsmProblem, message: string, options?: ErrorOptions) {
    super(message, options);
    this.problem = problem;
  }
}

/** A template that is refused, with its line. */
export const templateError = (message: string): TextFsmError => new TextFsmError('template', message);
