import type { FieldProblem } from '../../../api/problem.ts';

/** What is wrong with a field or anything in it, in words; undefined when nothing is. */
export const errorAt = (problems: readonly FieldProblem[], ...pointers: readonly string[]): string | undefined => {
  const found = problems.filter(({ pointer }) => pointers.some((one) => pointer === one || pointer.startsWith(`${one}/`)));
  return found.length === 0 ? undefined : found.map(({ message }) => message).join('\n');
};

/** What is wrong with nothing that this form asks for by these pointers. */
export const elsewhere = (problems: readonly FieldProblem[], fields: readonly string[]): readonly FieldProblem[] =>
  problems.filter(({ pointer }) => !fields.some((one) => pointer === one || pointer.startsWith(`${one}/`)));
