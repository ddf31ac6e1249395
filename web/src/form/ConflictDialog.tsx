import { type JSX, Show } from 'solid-js';
import { Dialog } from '../components/Dialog.tsx';
import type { Faster } from './faster.ts';
import { t } from './words.ts';

interface ConflictProps<Theirs, Base> {
  readonly name: string;
  readonly faster: Faster<Theirs>;
  /** The state that a form begins from, of what somebody else has saved. */
  readonly baseOf: (theirs: Theirs) => Base;
  /** Saves mine over it. */
  readonly saveOver: (base: Base) => void;
  /** Fills the form with it. */
  readonly takeUp: (base: Base) => void;
  /** Shows both. */
  readonly children: (theirs: () => Theirs) => JSX.Element;
}

/** Shows both once somebody else has saved while this was written; of three ways on, editing is the safe one. */
export const ConflictDialog = <Theirs extends object, Base>(props: ConflictProps<Theirs, Base>) => {
  const goOn = (way: (base: Base) => void, theirs: Theirs) => {
    props.faster.leave();
    way(props.baseOf(theirs));
  };
  return (
    <Show when={props.faster.theirs()}>
      {(theirs) => (
        <Dialog open title={t('conflict.title', props.name)} close={props.faster.leave} wide>
          <p class="mt-2 text-muted">{t('conflict.effect')}</p>
          <div class="mt-3 max-h-96 overflow-auto">{props.children(theirs)}</div>
          <div class="mt-6 flex flex-wrap justify-end gap-2">
            <button type="button" class="button" data-focus-first="" onClick={() => props.faster.leave()}>
              {t('conflict.edit')}
            </button>
            <button type="button" class="button" onClick={() => goOn(props.takeUp, theirs())}>
              {t('conflict.take')}
            </button>
            <button type="button" class="button button-danger" onClick={() => goOn(props.saveOver, theirs())}>
              {t('conflict.keep')}
            </button>
          </div>
        </Dialog>
      )}
    </Show>
  );
};
