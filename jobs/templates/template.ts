/** A definition to begin from, as a person would write it. */
export interface JobTemplate {
  readonly name: string;
  readonly title: string;
  /** What it does, in one sentence. */
  readonly description: string;
  readonly source: string;
}
