import { createSignal, onCleanup } from 'solid-js';
import { usePreferences } from '../preferences/preferences.ts';

const [now, setNow] = createSignal(Date.now());
let readers = 0;
let timer: ReturnType<typeof setInterval> | undefined;

/** The zone of the machine the page is read on. */
export const machineZone = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** The zone times are shown in: the reader's choice, else the machine's. */
export const zone = (): string => usePreferences().now().zone ?? machineZone;

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
