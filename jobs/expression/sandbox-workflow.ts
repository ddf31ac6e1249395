import type { Json } from '#jobs/json.ts';
import { evaluate } from './evaluate.ts';
import type { Variables } from './variables.ts';

/** The workflow of the sandbox test: what each expression gives, or the failure it ends with. */
export async function evaluateAll(sources: readonly string[], variables: Variables): Promise<readonly Json[]> {
  return sources.map((source) => {
    try {
      return evaluate(source, variables);
    } catch (error) {
      return String(error);
    }
  });
}
