import { createSignal, onCleanup } from 'solid-js';

const [now, setNow] = createSignal(Date.now());
let readers = 0;
let timer: ReturnType<typeof setInterval> | undefined;

/** The reader's time zone. */
export const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** The time, a tick each second while anything on screen reads it. */
export const useNow = (): (() => number) => {
  if (readers++ === 0) {
    setNow(Date.now());
    timer = setInterval(() => document.hidden || setNow(Date.now()), 1000);
  }
  onCleanup(() => {
    if (--readers === 0) clearInterval(timer);
  });
  return now;
};
