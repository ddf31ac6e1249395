import { type Accessor, createSignal, onCleanup } from 'solid-js';
import { whenChanged } from '../solid.ts';

/** A value as it was once it had rested for so long; the first one at once. */
export const useDelayed = <T>(value: Accessor<T>, restMs: number): Accessor<T> => {
  const [rested, setRested] = createSignal<T>(value());
  let timer: ReturnType<typeof setTimeout> | undefined;
  whenChanged(
    value,
    (next) => {
      clearTimeout(timer);
      timer = setTimeout(() => setRested(() => next), restMs);
    },
    'later',
  );
  onCleanup(() => clearTimeout(timer));
  return rested;
};
