import { lazy, onCleanup, Show } from 'solid-js';
import { Suspense } from '../../../solid.ts';
import { askedNow, dismiss } from './desk.ts';
import type { RunDialogsProps } from './Question.tsx';

const Question = lazy(async () => ({ default: (await import('./Question.tsx')).Question }));

/** The question that is asked of the person on this run page, if any. */
export const RunDialogs = (props: RunDialogsProps) => {
  onCleanup(dismiss);
  return (
    <Show when={askedNow()} keyed>
      {(asked) => (
        <Suspense>
          <Question {...props} asked={asked} />
        </Suspense>
      )}
    </Show>
  );
};
