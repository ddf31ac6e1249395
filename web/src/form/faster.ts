import { createSignal } from 'solid-js';
import { ApiProblem } from '../api/problem.ts';

interface FasterOptions<Theirs> {
  readonly read: () => Promise<Theirs>;
  /** It is this very change, whose answer was lost. */
  readonly isMine: (theirs: Theirs) => boolean;
  readonly saved: (mine: Theirs) => void;
}

/** What somebody else has saved while a form was written, from when a change is refused for it until there is a way on. */
export interface Faster<Theirs> {
  readonly theirs: () => Theirs | null;
  /** Waits for a change; one that is refused because somebody was faster ends with theirs being read. */
  readonly meet: (change: Promise<void>) => Promise<void>;
  readonly leave: () => void;
}

/** Nobody has been faster yet. */
export const createFaster = <Theirs extends object>({ read, isMine, saved }: FasterOptions<Theirs>): Faster<Theirs> => {
  const [theirs, setTheirs] = createSignal<Theirs | null>(null);
  const meet = async (change: Promise<void>) => {
    try {
      await change;
    } catch (error) {
      if (!(error instanceof ApiProblem) || error.status !== 412) throw error;
      const other = await read();
      if (isMine(other)) saved(other);
      else setTheirs(() => other);
    }
  };
  return { theirs, meet, leave: () => setTheirs(null) };
};
