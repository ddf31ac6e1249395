import { useActions } from '../../../actions/actions.tsx';
import type { StepRow } from '../rows.ts';
import { t } from './words.ts';

/** `j` and `k` move the selection among the steps that are shown. */
export const useStepKeys = (rows: () => readonly StepRow[], chosen: () => string | undefined, choose: (key: string) => void): void => {
  const move = (by: 1 | -1) => {
    const at = rows().findIndex(({ key }) => key === chosen());
    const next = at < 0 ? rows()[0] : rows()[at + by];
    if (next) choose(next.key);
  };
  useActions(() => [
    { id: 'steps.next', words: t('steps.next'), key: 'j', quiet: true, run: () => move(1) },
    { id: 'steps.previous', words: t('steps.previous'), key: 'k', quiet: true, run: () => move(-1) },
  ]);
};
