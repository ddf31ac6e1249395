import { readSetEscape } from './escapes.ts';
import type { Node, SetItem } from './nodes.ts';
import type { Source } from './source.ts';

/** Reads a set whose opening bracket has been taken, up to and with its closing one. */
export function readSet(source: Source): Node {
  const start = source.tell() - 1;
  const take = (): string => {
    const token = source.get();
    if (token === null) throw source.error('unterminated character set', source.tell() - start);
    return token;
  };
  const item = (token: string): SetItem =>
    token[0] === '\\' ? readSetEscape(source, token) : { kind: 'literal', code: token.codePointAt(0) ?? 0 };

  const items: SetItem[] = [];
  const negate = source.take('^');
  for (;;) {
    const token = take();
    if (token === ']' && items.length > 0) break;
    const from = item(token);
    if (!source.take('-')) {
      items.push(from);
      continue;
    }
    const last = take();
    if (last === ']') {
      items.push(from, { kind: 'literal', code: 0x2d });
      break;
    }
    items.push(range(source, token, from, last, item(last)));
  }
  return single(negate, items);
}

function range(source: Source, token: string, from: SetItem, last: string, to: SetItem): SetItem {
  if (from.kind !== 'literal' || to.kind !== 'literal' || to.code < from.code) {
    throw source.error(`bad character range ${token}-${last}`, Array.from(token).length + 1 + Array.from(last).length);
  }
  return { kind: 'range', from: from.code, to: to.code };
}

/** A set of one character is that character. */
function single(negate: boolean, items: readonly SetItem[]): Node {
  const [only] = items;
  const same = only?.kind === 'literal' && items.every((item) => item.kind === 'literal' && item.code === only.code);
  return same ? { op: negate ? 'not_literal' : 'literal', code: only.code } : { op: 'in', negate, items };
}
