import { render } from '../expression/render.ts';
import { hasExpression, partsOf } from '../expression/scan.ts';
import type { Variables } from '../expression/variables.ts';
import type { Json } from '../json.ts';
import { pointerTo } from '../problem.ts';

/** What only the run itself can tell. */
const LATER = /\b(steps|result|run)\b/;

/** Texts in quotes mean nothing that is looked up. */
const withoutTexts = (source: string): string => source.replace(/"(\\.|[^"\\])*"|'(\\.|[^'\\])*'/g, '""');

/** Whether an expression can be evaluated before the run: it reads neither steps nor the run. */
export const isKnownAhead = (source: string): boolean => !LATER.test(withoutTexts(source));

/** A value as far as it is known before the run; where a template has to wait for it, it stands as it is written and its pointer is told. */
export interface Ahead {
  readonly value: Json;
  readonly later: readonly string[];
}

/** Fills in the templates of a value that are known before the run. Throws `StepFailure` for those that fail. */
export function renderAhead(value: Json, variables: Variables, { place, code = [] }: { place: string; code?: readonly string[] }): Ahead {
  const later: string[] = [];
  const walk = (one: Json, pointer: string): Json => {
    if (typeof one === 'string') {
      if (!hasExpression(one)) return one;
      if (partsOf(one).some((part) => 'source' in part && !isKnownAhead(part.source))) {
        later.push(pointer);
        return one;
      }
      const field = `${place}${pointer.replaceAll('/', '.')}`;
      const [filled = null] = render([one], variables, { place: field, code: code.includes(pointer) ? ['/0'] : [] }) as readonly Json[];
      return filled;
    }
    if (typeof one !== 'object' || one === null) return one;
    if (Array.isArray(one)) return one.map((item: Json, at) => walk(item, pointerTo(pointer, at)));
    return Object.fromEntries(Object.entries(one).map(([key, item]) => [key, walk(item, pointerTo(pointer, key))]));
  };
  return { value: walk(value, ''), later };
}
