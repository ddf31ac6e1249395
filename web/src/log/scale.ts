/** A browser cuts an element at 33 million pixels, some at half of that; what is taller is scrolled through on a shorter scale. */
export const TALLEST = 8_000_000;

/** How tall the scrolled element is for so many pixels of list. */
export const drawnHeight = (total: number): number => Math.min(total, TALLEST);

/** Where the scroll bar stands when the list is at `y` of `total` pixels in a view of `size`. */
export const barOf = (y: number, total: number, size: number): number => (total <= TALLEST ? y : (y / (total - size)) * (TALLEST - size));

/** Where the list is when the scroll bar was put to `bar`. */
export const listOf = (bar: number, total: number, size: number): number =>
  total <= TALLEST ? bar : (bar / (TALLEST - size)) * (total - size);

/** The part of the list on screen: `y` pixels down, `size` tall, drawn `shift` pixels above where it stands in the list. */
export interface View {
  readonly y: number;
  readonly size: number;
  readonly shift: number;
}

/** How far bar and list may drift apart while a reader scrolls line by line on the short scale. */
const DRIFT = 200_000;

/** The view once the scroll bar has moved: small moves go as far in the list, large ones to the same part of it. `astray` when the bar has to be put where it belongs. */
export const scrolled = (was: View, bar: number, total: number): View & { readonly astray: boolean } => {
  const { size } = was;
  if (total <= TALLEST) return { y: bar, size, shift: 0, astray: false };
  const end = total - size;
  const isSmall = Math.abs(bar + was.shift - was.y) < 2 * size;
  const goal = Math.max(0, Math.min(end, isSmall ? bar + was.shift : listOf(bar, total, size)));
  // Where the bar can go no further, the list is at its end, or the bar is put back to where there is room.
  const y = bar <= 0 && goal < 2 * size ? 0 : bar >= TALLEST - size && goal > end - 2 * size ? end : goal;
  const off = Math.abs(barOf(y, total, size) - bar);
  const isAtEdge = bar <= 0 || bar >= TALLEST - size || y === 0 || y === end;
  return { y, size, shift: y - bar, astray: off > DRIFT || (isAtEdge && off >= 1) };
};
