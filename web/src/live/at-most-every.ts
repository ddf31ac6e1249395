import { onCleanup } from 'solid-js';

/** Does something when it is told to, at once and then at most once in so many milliseconds; what was told meanwhile counts as once more. */
export const atMostEvery = (ms: number, act: () => void): (() => void) => {
  let rest: ReturnType<typeof setTimeout> | undefined;
  let again = false;
  const over = () => {
    rest = undefined;
    if (again) go();
  };
  const go = () => {
    if (rest !== undefined) {
      again = true;
      return;
    }
    again = false;
    rest = setTimeout(over, ms);
    act();
  };
  onCleanup(() => clearTimeout(rest));
  return go;
};
