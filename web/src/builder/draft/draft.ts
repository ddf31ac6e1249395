import { redo, undo, undoDepth } from '@codemirror/commands';
import { ChangeSet, type TransactionSpec } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { replaceEqualDeep } from '@tanstack/solid-query';
import { createSignal, onCleanup } from 'solid-js';
import type { JobDefinition } from '#jobs/definition.ts';
import type { Json } from '#jobs/json.ts';
import type { Problem } from '#jobs/problem.ts';
import { batch } from '../../solid.ts';
import type { Change } from '../document/change.ts';
import { applied, type Edit } from '../document/edit.ts';
import type { Path } from '../document/parsed.ts';
import type { Range } from '../document/range.ts';
import { completionOf } from '../editor/complete.ts';
import { setMarked, setProblems as showProblems } from '../editor/marks.ts';
import { insteadOf, stateOf } from '../editor/state.ts';
import type { Known } from '../expressions/known.ts';
import type { ListName, Outline } from '../reading/messages.ts';
import { startReader } from '../reading/reader.ts';
import { t } from '../words.ts';

/** A definition that is being written: one text, which all panes read and edit. */
export interface Draft {
  readonly view: EditorView;
  /** The text as it would be saved. */
  text(): string;
  /** Whether it is this very text; told by the length alone where that differs. */
  says(text: string): boolean;
  /** Counts the changes of the text. */
  version: () => number;
  /** What the text says, or said when it could last be read. */
  definition: () => JobDefinition | null;
  places: () => { readonly [L in ListName]: readonly Range[] };
  /** Whether the text can be read as it stands. */
  isReadable: () => boolean;
  /** Whether nobody reads the text any more: what it says now is not known. */
  isUnread: () => boolean;
  /** What is wrong by what this page knows, as soon as the text has been read. */
  problems: () => readonly Problem[];
  /** The version of the text that `problems` are about. */
  checked: () => number;
  /** Why the last edit could not be made. */
  refusal: () => string | null;
  canUndo: () => boolean;
  /** Makes edits, all or none, as one step of undo; they are seen at once. */
  edit(edits: readonly Edit[]): Promise<boolean>;
  /** Resolves once all edits that were asked for stand in the text. */
  settled(): Promise<void>;
  /** Another text in place of this one, which undo brings back. */
  replace(text: string): void;
  undo(): void;
  redo(): void;
  /** Marks the lines that say what stands at a path, and brings them into view. */
  mark(path: Path | null): void;
}

const READ_MS = 20;

const NO_PLACES = { steps: [], on_failure: [], on_cancel: [] } as const;

/** Begins a draft with a text; it is read beside the page, so that typing waits for nothing. Until the text can be read, what was saved before stands. */
export function startDraft(text: string, saved: string, known: () => Known, onCursor: (offset: number) => void): Draft {
  const reader = startReader();
  const [definition, setDefinition] = createSignal<JobDefinition | null>(null);
  const [places, setPlaces] = createSignal<Draft['places'] extends () => infer P ? P : never>(NO_PLACES);
  const [isReadable, setReadable] = createSignal(true);
  const [isUnread, setUnread] = createSignal(false);
  const [problems, setProblems] = createSignal<readonly Problem[]>([]);
  const [checked, setChecked] = createSignal(-1);
  const [version, setVersion] = createSignal(0);
  const [refusal, setRefusal] = createSignal<string | null>(null);
  const [canUndo, setCanUndo] = createSignal(false);
  let pending = 0;
  /** Readings of texts before this version would take back what was edited. */
  let since = 0;
  let reading = false;
  let read = -1;
  let stopped = false;
  /** What the text said when it was last read, without what forms have asked for since. */
  let told: JobDefinition | null = null;

  const view = new EditorView({
    state: stateOf(
      text,
      completionOf(known),
      EditorView.updateListener.of((update) => {
        if (update.docChanged) {
          setVersion(version() + 1);
          setCanUndo(undoDepth(update.state) > 0);
          readSoon();
        }
        if (update.selectionSet && update.view.hasFocus) follow();
      }),
    ),
  });
  const plain = () => view.state.doc.toString();
  // Where things stand is known of the text that was read last: a cursor in a newer one waits until that is read.
  let isCursorAhead = false;
  const follow = () => {
    isCursorAhead = read !== version();
    if (!isCursorAhead) onCursor(view.state.selection.main.head);
  };

  const adopt = (outline: Outline, now: number) => {
    setReadable(outline.readable);
    keepGood(outline, now);
  };
  const keepGood = (outline: Outline, now: number) => {
    if (!outline.readable || pending > 0 || now < since) return;
    told = outline.definition;
    batch(() => {
      setDefinition((before) => replaceEqualDeep(before, outline.definition));
      setPlaces(() => outline.places);
    });
  };

  const hear = (found: readonly Problem[], now: number) => {
    if (now !== version()) return;
    batch(() => {
      setProblems((before) => replaceEqualDeep(before, found));
      setChecked(now);
    });
  };

  const readOnce = async () => {
    const now = version();
    const source = plain();
    adopt(await reader.ask({ kind: 'outline', text: source }), now);
    // A draft that was left unreadable opens with the steps that are saved.
    if (told === null && !isReadable() && source !== saved) keepGood(await reader.ask({ kind: 'outline', text: saved }), now);
    read = now;
    if (now !== version()) return;
    if (isCursorAhead && isReadable()) follow();
    hear(await reader.ask({ kind: 'problems', text: source }), now);
  };
  const readLatest = async () => {
    if (reading) return;
    reading = true;
    try {
      while (read !== version() && !stopped) await readOnce();
      setUnread(false);
    } catch {
      if (stopped) return;
      batch(() => {
        setUnread(true);
        setDefinition(() => told);
      });
    } finally {
      reading = false;
    }
  };

  // Handing a long text over takes its time, which is not the key's.
  let due: ReturnType<typeof setTimeout> | undefined;
  const readSoon = () => {
    due ??= setTimeout(() => {
      due = undefined;
      readLatest();
    }, READ_MS);
  };

  const dispatch = (steps: readonly (readonly Change[])[], isTyping: boolean) => {
    const all = steps.reduce(
      (done, changes) => done.compose(ChangeSet.of([...changes], done.newLength, '\n')),
      ChangeSet.empty(view.state.doc.length),
    );
    view.dispatch({ changes: all, userEvent: isTyping ? 'input.type' : 'move' });
    since = version();
  };

  const make = async (edits: readonly Edit[]): Promise<boolean> => {
    for (let tries = 0; tries < 5; tries++) {
      const before = version();
      const answer = await reader.ask({ kind: 'edit', text: plain(), edits });
      // Somebody typed meanwhile: places have moved.
      if (version() !== before) continue;
      if ('refused' in answer) {
        setRefusal(answer.refused);
        return false;
      }
      setRefusal(null);
      dispatch(
        answer.steps,
        edits.every(({ kind }) => kind === 'set'),
      );
      return true;
    }
    setRefusal(t('draft.typed_meanwhile'));
    return false;
  };

  let queue: Promise<unknown> = Promise.resolve();
  const edit = (edits: readonly Edit[]): Promise<boolean> => {
    const now = definition();
    if (edits.length === 0) return Promise.resolve(true);
    if (now) setDefinition(edits.reduce<Json>(applied, now as unknown as Json) as unknown as JobDefinition);
    pending += 1;
    const made = queue.then(async () => {
      const isMade = await make(edits).catch(() => {
        setRefusal(t('draft.unread'));
        return false;
      });
      pending -= 1;
      if (pending === 0) {
        read = -1;
        readLatest();
      }
      return isMade;
    });
    queue = made;
    return made;
  };

  const find = (path: Path) => reader.ask({ kind: 'range', text: plain(), path }).catch(() => null);
  const mark = async (path: Path | null) => {
    const now = version();
    const range = path && (await find(path));
    if (now !== version() || stopped) return;
    const spec: TransactionSpec = { effects: [setMarked.of(range)] };
    view.dispatch(range ? { effects: [setMarked.of(range), EditorView.scrollIntoView(range.from, { y: 'center' })] } : spec);
  };

  onCleanup(() => {
    stopped = true;
    clearTimeout(due);
    view.destroy();
    reader.stop();
  });
  readLatest();
  return {
    view,
    text: () => view.state.sliceDoc(),
    says: (other) => {
      const { doc, lineBreak } = view.state;
      return doc.length + (doc.lines - 1) * (lineBreak.length - 1) === other.length && view.state.sliceDoc() === other;
    },
    version,
    definition,
    places,
    isReadable,
    isUnread,
    problems,
    checked,
    refusal,
    canUndo,
    edit,
    replace: (next) => view.dispatch(insteadOf(view.state, next)),
    settled: () => queue.then(() => undefined),
    // What forms have asked for before comes first.
    undo: () => void queue.then(() => undo(view)),
    redo: () => void queue.then(() => redo(view)),
    mark: (path) => void mark(path),
  };
}

/** Draws what is wrong into the text of a draft. */
export const drawProblems = ({ view }: Draft, problems: readonly Problem[]): void => view.dispatch({ effects: showProblems.of(problems) });
