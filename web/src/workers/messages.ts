/** What a page asks a worker. */
export interface Asked<Question> {
  readonly id: number;
  readonly question: Question;
}

/** What comes back for it; or, of nothing that was asked, what the server's policy has kept a worker from. */
export type Said<Answer> =
  | { readonly id: number; readonly answer: Answer }
  | { readonly id: number; readonly error: string }
  | { readonly kept: string };
