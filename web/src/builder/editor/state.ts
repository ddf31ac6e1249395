import { autocompletion, type CompletionSource, closeBrackets, closeBracketsKeymap, completionKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, invertedEffects } from '@codemirror/commands';
import { bracketMatching, foldGutter, foldKeymap } from '@codemirror/language';
import { highlightSelectionMatches, search, searchKeymap } from '@codemirror/search';
import { Compartment, EditorState, type Extension, Text, type TransactionSpec } from '@codemirror/state';
import { drawSelection, EditorView, highlightActiveLine, highlightActiveLineGutter, keymap, lineNumbers } from '@codemirror/view';
import { t } from '../words.ts';
import { look } from './look.ts';
import { marks } from './marks.ts';
import { yamlLines } from './yaml.ts';

const nonce = (): string => document.querySelector<HTMLMetaElement>('meta[name=csp-nonce]')?.content ?? '';

/** The line end that keeps every byte of a text: Windows' where it has no other, else what is there stays as it is. */
const lineEndOf = (text: string): string => (text.includes('\r\n') && !/(^|[^\r])\n|\r(?!\n)/.test(text) ? '\r\n' : '\n');

const lineEnds = new Compartment();
const endingIn = (lineEnd: string) => EditorState.lineSeparator.of(lineEnd);

/** Another text in place of the whole, with line ends of its own; undo brings back both. */
export const insteadOf = (state: EditorState, text: string): TransactionSpec => {
  const lineEnd = lineEndOf(text);
  return {
    changes: { from: 0, to: state.doc.length, insert: Text.of(text.split(lineEnd)) },
    effects: lineEnds.reconfigure(endingIn(lineEnd)),
    userEvent: 'input.paste',
  };
};

const lineEndsAreUndone = invertedEffects.of(({ startState, state }) =>
  startState.lineBreak === state.lineBreak ? [] : [lineEnds.reconfigure(endingIn(startState.lineBreak))],
);

/** An editor's state with a text in it: history, search, completion, and marks for problems and for what a form is about. */
export const stateOf = (text: string, complete: CompletionSource, more: Extension): EditorState =>
  EditorState.create({
    doc: text,
    extensions: [
      lineEnds.of(endingIn(lineEndOf(text))),
      lineEndsAreUndone,
      // Text from elsewhere takes on the line ends that are here.
      EditorView.clipboardInputFilter.of((pasted, { lineBreak }) => pasted.replace(/\r\n?|\n/g, lineBreak)),
      EditorView.cspNonce.of(nonce()),
      lineNumbers(),
      highlightActiveLineGutter(),
      foldGutter(),
      history(),
      drawSelection(),
      EditorState.allowMultipleSelections.of(true),
      bracketMatching(),
      closeBrackets(),
      highlightActiveLine(),
      highlightSelectionMatches(),
      search({ top: true }),
      yamlLines,
      autocompletion({ override: [complete], icons: false }),
      // Tab is left to the browser, so that keys alone get out again; Mod-[ and Mod-] indent.
      keymap.of([...closeBracketsKeymap, ...defaultKeymap, ...searchKeymap, ...historyKeymap, ...foldKeymap, ...completionKeymap]),
      EditorView.contentAttributes.of({ 'aria-label': t('editor.label'), spellcheck: 'false', tabindex: '0' }),
      look,
      marks,
      more,
    ],
  });
