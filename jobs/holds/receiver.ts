import type { OneState, RunState } from '../apply-event.ts';
import { LIMITS } from '../limits.ts';
import { partKey } from '../parts.ts';
import type { Hold } from './hold.ts';
import type { Message } from './message.ts';

/** Whoever waits for a message in this box, the longest first; null: nobody does yet. */
export function receiverOf({ steps }: RunState, box: string): string | null {
  const waiting = Object.entries(steps).flatMap(([id, { parts = [], within, ...own }]) => {
    const all: readonly (readonly [string, OneState | undefined])[] = [
      [id, own],
      ...parts.map(({ state }, n) => [partKey(id, (within?.offset ?? 0) + n), state] as const),
    ];
    return all.flatMap(([key, state]) => {
      if (state?.status !== 'held' || !('box' in state.hold)) return [];
      return state.hold.box === box && !state.hold.received ? [{ key, since: state.hold.since }] : [];
    });
  });
  return waiting.sort((a, b) => a.since - b.since || (a.key < b.key ? -1 : 1))[0]?.key ?? null;
}

/** The hold with its message, and what is left of those that came early. */
export function taken(early: readonly Message[], hold: Hold): { readonly hold: Hold; readonly early: readonly Message[] } {
  if (!('box' in hold) || hold.received) return { hold, early };
  const at = early.findIndex(({ box }) => box === hold.box);
  const received = early[at];
  return received ? { hold: { ...hold, received }, early: early.toSpliced(at, 1) } : { hold, early };
}

/** Whether one message more can be kept until its step begins. */
export const hasRoomFor = (early: readonly Message[]): boolean => early.length < LIMITS.earlyMessages;
