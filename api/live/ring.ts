/** One message as it goes over the wire, encoded once however many read it. */
export interface Frame {
  /** 1, 2, 3 … within this process. */
  readonly number: number;
  readonly topic: string;
  readonly bytes: Buffer;
}

/** The newest frames, for readers who come back after a gap. */
export interface Ring {
  push(frame: Frame): void;
  /** The frames after this number, oldest first; null when some of them are gone. */
  after(number: number): readonly Frame[] | null;
}

/** Keeps at most `frames` frames and `bytes` bytes; the oldest go first. */
export function createRing(limit: { readonly frames: number; readonly bytes: number }): Ring {
  let kept: Frame[] = [];
  let start = 0;
  let size = 0;
  let dropped = 0;

  return {
    push(frame) {
      kept.push(frame);
      size += frame.bytes.length;
      while (kept.length - start > limit.frames || (size > limit.bytes && kept.length - start > 1)) {
        const oldest = kept[start] as Frame;
        size -= oldest.bytes.length;
        dropped = oldest.number;
        start += 1;
      }
      if (start > limit.frames) {
        kept = kept.slice(start);
        start = 0;
      }
    },
    after(number) {
      if (number < dropped) return null;
      const first = kept[start];
      return first === undefined ? [] : kept.slice(start + Math.max(0, number + 1 - first.number));
    },
  };
}
