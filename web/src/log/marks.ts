import type { Piece } from './ansi.ts';

/** Cuts pieces so that every place where a text stands in the line is a piece, or pieces, of its own. */
export interface MarkedPiece extends Piece {
  readonly hit: boolean;
}

const MOST_MARKS = 200;

const placesOf = (line: string, text: string): readonly number[] => {
  const places: number[] = [];
  for (let at = line.indexOf(text); at >= 0 && places.length < MOST_MARKS; at = line.indexOf(text, at + text.length)) places.push(at);
  return places;
};

/** The pieces of a line with every place marked where the text stands; '' marks none. */
export const markPieces = (pieces: readonly Piece[], text: string, matchCase: boolean): readonly MarkedPiece[] => {
  const plain = pieces.map((piece) => piece.text).join('');
  const lower = plain.toLowerCase();
  // A few characters are longer as small letters; places in them would be places elsewhere.
  const isSame = matchCase || lower.length === plain.length;
  const places = text === '' || !isSame ? [] : placesOf(matchCase ? plain : lower, matchCase ? text : text.toLowerCase());
  if (places.length === 0) return pieces.map((piece) => ({ ...piece, hit: false }));
  const marked: MarkedPiece[] = [];
  let from = 0;
  for (const piece of pieces) {
    const to = from + piece.text.length;
    let at = from;
    const cut = (end: number, hit: boolean) => {
      if (end > at) marked.push({ ...piece, text: plain.slice(at, end), hit });
      at = Math.max(at, end);
    };
    for (const place of places) {
      if (place + text.length <= from || place >= to) continue;
      cut(Math.max(from, place), false);
      cut(Math.min(to, place + text.length), true);
    }
    cut(to, false);
    from = to;
  }
  return marked;
};
