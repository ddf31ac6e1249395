import type { JsonObject } from '#jobs/json.ts';
import type { RerunFacts } from '#jobs/rerun.ts';

/** What a re-run would come to. */
export interface RerunPreviewView {
  readonly version: number | null;
  readonly newest: number | null;
  readonly schemas: JsonObject;
  readonly parameters: JsonObject;
  readonly steps: readonly { readonly id: string; readonly name: string }[];
  readonly warnings: readonly string[];
  readonly facts: RerunFacts | null;
  readonly refused: string | null;
}
