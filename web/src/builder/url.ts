import { searchState, text, word } from '../url/search-state.ts';

/** What of the builder stands in the address: the chosen step, e.g. `steps.2`, how the steps are shown, and the template a new job begins with. */
export const SEARCH = searchState({ step: text(20), view: word(['list', 'graph'], 'list'), template: text(100) });
