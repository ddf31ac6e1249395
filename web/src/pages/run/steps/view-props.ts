import type { RunView } from '../../../api/views.ts';
import type { HistoryEntry } from '../../../url/use-search-state.ts';
import type { StepRow } from '../rows.ts';
import type { StepsSearch } from './search.ts';

/** What every view of a run's steps is given: the same rows, one selection, and the ways to change what is shown. */
export interface StepsViewProps {
  readonly run: RunView;
  readonly rows: readonly StepRow[];
  readonly chosen: StepRow | undefined;
  readonly search: StepsSearch;
  readonly change: (part: Partial<StepsSearch>, entry?: HistoryEntry) => void;
  readonly hrefOf: (key: string) => string;
  readonly logHrefOf: (key: string) => string;
  readonly choose: (key: string) => void;
  /** The reader looks around, and the page stops going along with what happens. */
  readonly touched: () => void;
}
