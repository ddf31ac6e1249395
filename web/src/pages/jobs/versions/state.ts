import { searchState, whole, word } from '../../../url/search-state.ts';

/** Which version is looked at, against which, and how. */
export interface VersionsState {
  readonly version: number | null;
  readonly against: number | null;
  readonly show: 'difference' | 'definition';
}

export const SHOWN = ['difference', 'definition'] as const;

/** The chosen version in the query string. */
export const versionsState = searchState<VersionsState>({
  version: whole(1, 2_147_483_647),
  against: whole(1, 2_147_483_647),
  show: word(SHOWN, 'difference'),
});
