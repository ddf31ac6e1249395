import { flag, searchState, text } from '../../url/search-state.ts';

/** In place of a second run: the last one of the same job before the first that completed. */
export const LAST_SUCCESS = 'last_success';

const LONGEST_KEY = 300;

/** What is compared: two runs, whether equal steps are shown too, and the steps whose logs stand beside each other. */
export const compareState = searchState({
  a: text(100),
  b: text(100),
  all: flag(),
  log: text(LONGEST_KEY),
  /** Of the second run, where it is another step. */
  log_b: text(LONGEST_KEY),
});

/** The pair as the API takes it; null while one is missing. */
export const pairOf = ({ a, b }: { readonly a: string; readonly b: string }): { readonly a: string; readonly b: string } | null =>
  a === '' || b === '' ? null : { a, b };
