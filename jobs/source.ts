import { Composer, type Document, type LineCounter, type ParsedNode, type YAMLError } from 'yaml';
import { boundViolations } from './bounds.ts';
import type { Json } from './json.ts';
import { LIMITS } from './limits.ts';
import { errorAt, InvalidInput, keysOf, type Problem } from './problem.ts';
import { take } from './take.ts';
import { entryOf, pointerAt, type Reading, readNode, resolveAlias } from './yaml-nodes.ts';
import { type Refusal, sentence, tokensOf } from './yaml-tokens.ts';

export interface Place {
  readonly line: number;
  readonly column: number;
}

/** Where a pointer's value begins in the text (1-based), or the nearest thing around it that exists. */
export type Locate = (pointer: string) => Place | null;

/** A text of YAML 1.2 (core schema) or JSON as data. Whatever YAML would change silently (foreign tags, big integers, duplicate keys, merge keys) throws InvalidInput, as does what is too big or too deep. */
export function readSource(text: string, maxBytes: number = LIMITS.sourceBytes): { readonly value: Json; readonly locate: Locate } {
  const bytes = new TextEncoder().encode(text).length;
  if (bytes > maxBytes) throw new InvalidInput([errorAt('', `the text has ${bytes} bytes; at most ${maxBytes} allowed`)]);

  const { tokens, lines, refusals } = tokensOf(spacesForTabs(text));
  if (refusals.length > 0) throw refused(refusals, lines);

  const [document, another] = take(new Composer({ ...YAML_RULES, lineCounter: lines }).compose(tokens, true, text.length), 2);
  if (!document?.contents) throw new InvalidInput([errorAt('', 'the text is empty')]);
  if (another) throw refused([{ offset: another.range[0], pointer: '', says: 'a second document begins here; write one' }], lines);
  const faults = [...document.errors, ...document.warnings].slice(0, LIMITS.problems);
  if (faults.length > 0)
    throw refused(
      faults.map((fault) => syntaxRefusal(fault, document)),
      lines,
    );

  const reading: Reading = { anchors: new Map(), aliases: new Map(), open: new Set(), refusals: [] };
  const value = readNode(document.contents, '', reading);
  if (reading.refusals.length > 0) throw refused(reading.refusals, lines);
  const locate: Locate = (pointer) => placeIn(document, reading, lines, keysOf(pointer));
  const [breach, ...more] = located([...take(boundViolations(value), LIMITS.problems)], locate);
  if (breach) throw new InvalidInput([breach, ...more]);
  return { value, locate };
}

const YAML_RULES = {
  version: '1.2',
  schema: 'core',
  intAsBigInt: true,
  merge: false,
  resolveKnownTags: false,
  stringKeys: true,
  strict: true,
  /** Quadratic there; found while reading the nodes. */
  uniqueKeys: false,
  prettyErrors: false,
  logLevel: 'silent',
} as const;

/** JSON may be indented by tabs, YAML may not; inside JSON's own strings a bare tab is forbidden, so none is lost. */
function spacesForTabs(text: string): string {
  if (!text.includes('\t') || !/^\s*[{[]/.test(text)) return text;
  try {
    JSON.parse(text);
  } catch {
    return text;
  }
  return text.replaceAll('\t', ' ');
}

/** Problems with the place of their pointer in the text. */
export const located = (problems: readonly Problem[], locate: Locate): readonly Problem[] =>
  problems.map((problem) => ({ ...problem, ...locate(problem.pointer) }));

function refused(refusals: readonly Refusal[], lines: LineCounter): InvalidInput {
  const inOrder = [...refusals].sort((a, b) => a.offset - b.offset).slice(0, LIMITS.problems);
  return new InvalidInput(inOrder.map(({ offset, pointer, says }) => ({ ...errorAt(pointer, says), ...placeOfOffset(offset, lines) })));
}

function placeOfOffset(offset: number, lines: LineCounter): Place {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(line, 1), column: Math.max(col, 1) };
}

function syntaxRefusal(fault: YAMLError, document: Document.Parsed): Refusal {
  const offset = fault.pos[0];
  const says = fault.code === 'TAG_RESOLVE_FAILED' ? `${sentence(fault.message)}; write plain YAML without tags` : sentence(fault.message);
  // What ends too early is reported just behind its end.
  const pointer = pointerAt(document.contents, offset) || pointerAt(document.contents, offset - 1);
  return { offset, pointer, says };
}

function placeIn(document: Document.Parsed, reading: Reading, lines: LineCounter, keys: readonly string[]): Place | null {
  let node: ParsedNode | null = document.contents;
  let offset = node?.range[0] ?? 0;
  for (const key of keys) {
    const entry = entryOf(resolveAlias(node, reading), key);
    if (!entry) break;
    node = entry.value;
    offset = entry.offset;
  }
  return placeOfOffset(offset, lines);
}
