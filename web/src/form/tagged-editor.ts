import { createSignal } from 'solid-js';
import type { JsonObject } from '#jobs/json.ts';
import { keyOfContent } from '../api/key-of.ts';
import { ApiProblem } from '../api/problem.ts';
import { focusFirstError } from '../components/focus-first-error.ts';

/** Something with the tag of its state. */
interface Tagged<T> {
  readonly value: T;
  readonly tag: string | null;
}

interface TaggedEditorOptions<T> {
  /** What is changed, as the form was filled from it, whatever is read meanwhile; absent while it is made. */
  readonly begun: Tagged<T> | undefined;
  /** The state that what is typed began from. */
  readonly keptTag: () => string | null;
  /** What is sent. */
  readonly content: (over: Tagged<T> | undefined) => JsonObject;
  readonly create: (content: JsonObject, key: string) => Promise<T>;
  readonly replace: (name: string, content: JsonObject, tag: string | null, key: string) => Promise<T>;
  readonly read: (name: string) => Promise<Tagged<T>>;
  readonly saved: (one: T) => void;
}

/** Saves what a form makes or changes, once however often it is sent; what somebody else changed meanwhile is read, and waits for an answer. */
export const useTaggedEditor = <T extends { readonly name: string }>(options: TaggedEditorOptions<T>) => {
  const [opened, setOpened] = createSignal(options.begun);
  const [theirs, setTheirs] = createSignal<Tagged<T> | null>(null);
  const [problem, setProblem] = createSignal<Error | null>(null);
  const [busy, setBusy] = createSignal(false);
  const keyOf = keyOfContent();
  let form: HTMLFormElement | undefined;

  const request = async (over: Tagged<T> | undefined): Promise<T> => {
    const content = options.content(over);
    const key = keyOf(JSON.stringify([content, over?.tag ?? null]));
    if (!over) return options.create(content, key);
    try {
      return await options.replace(over.value.name, content, over.tag, key);
    } catch (error) {
      if (error instanceof ApiProblem && error.status === 412) {
        const now = await options.read(over.value.name);
        setTheirs(() => now);
      }
      throw error;
    }
  };
  const opening = (): Tagged<T> | undefined => {
    const now = opened();
    return now && { ...now, tag: options.keptTag() };
  };
  const save = async (over = opening()): Promise<void> => {
    if (busy()) return;
    setBusy(true);
    setProblem(null);
    setTheirs(null);
    try {
      options.saved(await request(over));
    } catch (error) {
      setProblem(error as Error);
      focusFirstError(form);
    }
    setBusy(false);
  };
  return {
    theirs,
    problem,
    problems: () => {
      const error = problem();
      return error instanceof ApiProblem ? error.problems : [];
    },
    busy,
    save,
    /** What is typed goes on from the state that somebody else made. */
    goOnFrom: (other: Tagged<T>): void => {
      setOpened(() => other);
      setTheirs(null);
      setProblem(null);
    },
    /** The form whose first error takes the focus. */
    of: (element: HTMLFormElement): void => {
      form = element;
    },
  };
};
