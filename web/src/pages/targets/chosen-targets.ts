import { createMemo, createSignal } from 'solid-js';

/** Which of the targets on screen are chosen for what is done to many. */
export const useChosenTargets = (here: () => readonly { readonly name: string }[]) => {
  const [chosen, setChosen] = createSignal<ReadonlySet<string>>(new Set());
  // What a filter has taken off the screen is not done anything to.
  const names = createMemo(() => here().flatMap(({ name }) => (chosen().has(name) ? [name] : [])));
  return {
    names,
    isChosen: (name: string) => chosen().has(name),
    isAll: () => names().length > 0 && names().length === here().length,
    toggle: (name: string) => setChosen((all) => new Set(all.has(name) ? [...all].filter((one) => one !== name) : [...all, name])),
    chooseAll: () => setChosen(new Set(here().map(({ name }) => name))),
    none: () => setChosen(new Set<string>()),
  };
};
export type TargetsChoice = ReturnType<typeof useChosenTargets>;
