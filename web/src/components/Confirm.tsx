import { createMemo, createSignal, type JSX, onCleanup, Show } from 'solid-js';
import { ApiProblem, type FieldProblem } from '../api/problem.ts';
import { whenChanged } from '../solid.ts';
import { t } from '../words.ts';
import { SameWidth } from './ActionButton.tsx';
import { Dialog } from './Dialog.tsx';
import { focusFirstError } from './focus-first-error.ts';
import { PlainText } from './PlainText.tsx';
import { RequestId } from './RequestId.tsx';
import { toast } from './Toasts.tsx';

interface ConfirmProps {
  readonly open: boolean;
  /** Names the thing, e.g. `Cancel edge-backup #1204?`. */
  readonly title: string;
  /** What will happen, in a sentence or as a list. */
  readonly effect?: JSX.Element;
  /** The words of the safe button; a verb. */
  readonly keep: string;
  /** The words of the button that does it; a verb. */
  readonly act: string;
  /** `danger`: what it does is not easily undone. */
  readonly look?: 'danger' | 'main';
  readonly wide?: boolean;
  /** The permission that the reader lacks for it. */
  readonly lacks?: string | undefined;
  /** Why it cannot be done as it is filled in. */
  readonly barred?: string | undefined;
  /** Fields go first: the focus is left to a field marked `data-focus-first`. */
  readonly fieldsFirst?: boolean;
  /** The fields show what is said against them themselves. */
  readonly showsProblems?: boolean;
  readonly close: () => void;
  /** Does it; `key` is the same for every try of one opening, so that a double click or a second try does it once. What it rejects with stays in the dialog in words; `false`: something is not filled in yet. */
  readonly run: (key: string) => Promise<unknown>;
  /** Fields, with what the server said against them by pointer. */
  readonly children?: (problems: () => readonly FieldProblem[]) => JSX.Element;
}

/** Asks before something is done: names it and its effect, begins at the safe button, stays open with the reason when it was refused. What comes of a try after its dialog was closed is told in passing and touches no later opening, which waits for it. */
export const Confirm = (props: ConfirmProps) => {
  /** One asking, from its opening to its closing. */
  const opening = createMemo(() => (props.open ? { key: crypto.randomUUID() } : null));
  const [trying, setTrying] = createSignal<{ readonly key: string } | null>(null);
  const [refusal, setRefusal] = createSignal<Error | null>(null);
  let form: HTMLFormElement | undefined;
  let gone = false;
  onCleanup(() => {
    gone = true;
  });
  whenChanged(opening, () => setRefusal(null));
  const busy = () => trying() !== null && trying() === opening();
  const isBefore = () => trying() !== null && trying() !== opening();
  // Kept by the dialog: a condition within what it is given, read while it is sent, would outlive it and what it asks about.
  const why = createMemo(() => {
    if (props.lacks) return t('denied.control', props.lacks);
    return isBefore() ? t('confirm.before') : props.barred;
  });
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const mine = opening();
    if (mine === null || busy() || why() !== undefined) return;
    const isOver = () => gone || mine !== opening();
    setTrying(mine);
    setRefusal(null);
    try {
      const isDone = (await props.run(mine.key)) !== false;
      setTrying(null);
      if (isOver()) return;
      if (isDone) props.close();
      else focusFirstError(form);
    } catch (error) {
      setTrying(null);
      if (isOver()) return toast({ says: (error as Error).message, failed: true });
      setRefusal(error as Error);
      focusFirstError(form);
    }
  };
  const problems = () => {
    const error = refusal();
    return error instanceof ApiProblem ? error.problems : [];
  };
  return (
    <Dialog open={props.open} close={props.close} title={props.title} wide={props.wide ?? false}>
      <div class="mt-2 break-words text-muted empty:hidden">{props.effect}</div>
      <form ref={form} class="mt-4 flex flex-col gap-4" novalidate onSubmit={submit}>
        {props.children?.(problems)}
        <Show when={refusal()}>
          {(error) => (
            <div role="alert" class="rounded-control bg-failure px-3 py-2">
              <PlainText text={wordsOf(error(), props.showsProblems ?? false)} />
              {/* What stands against a field is the reader's to mend, and nobody else is asked about it. */}
              <Show when={problems().length === 0}>
                <RequestId of={error()} />
              </Show>
            </div>
          )}
        </Show>
        <div class="mt-2 flex flex-wrap justify-end gap-2">
          <button
            type="button"
            class="button"
            data-focus-first={props.fieldsFirst || props.look === 'main' ? undefined : ''}
            onClick={() => props.close()}
          >
            {props.keep}
          </button>
          <button
            type="submit"
            class={`button ${props.look === 'main' ? 'button-main' : 'button-danger'}`}
            aria-disabled={busy() || why() !== undefined ? 'true' : undefined}
            aria-busy={busy() ? 'true' : undefined}
            title={why()}
            data-focus-first={props.look === 'main' && !props.fieldsFirst ? '' : undefined}
          >
            <SameWidth words={props.act} busyWords={t('confirm.busy')} busy={busy()} />
          </button>
        </div>
      </form>
    </Dialog>
  );
};

const wordsOf = (error: Error, isShown: boolean): string =>
  error instanceof ApiProblem && error.problems.length > 0 && !isShown
    ? [error.message, ...error.problems.map(({ pointer, message }) => `${pointer.split('/').at(-1)}: ${message}`)].join('\n')
    : error.message;
