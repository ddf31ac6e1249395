/** Something that can be done on what is on screen; the palette lists it and its key runs it. */
export interface Action {
  readonly id: string;
  readonly words: string;
  /** What the key event calls it, Shift included (`r`, `E`, `/`, `[`), or two in a row: `g g`. */
  readonly key?: string;
  readonly run: () => void;
  /** The permission that is missing: then neither the palette nor the key offers it. */
  readonly denied?: string | false | null | undefined;
  /** Only a key, such as `j`: not worth a line of the palette. */
  readonly quiet?: boolean;
}
