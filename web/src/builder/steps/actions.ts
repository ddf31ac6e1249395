import type { StepDefinition } from '#jobs/definition.ts';
import type { Draft } from '../draft/draft.ts';
import { type Chosen, nameOf, stepAt } from '../draft/selection.ts';
import type { ListName } from '../reading/messages.ts';
import type { StepTypeView } from '../views.ts';
import { t } from '../words.ts';
import { addStep, copyStep, deleteStep, duplicateStep, freeStep, moveStep, nestStep, type Operation } from './operations.ts';

/** Where an item stands. */
export interface ItemPlace {
  readonly list: ListName;
  readonly index: number;
}

/** What menus, keys and drags do with steps; each says in a sentence where things are then. */
export interface StepActions {
  step: () => StepDefinition | undefined;
  canMove(by: -1 | 1): boolean;
  move(by: -1 | 1): void;
  /** Puts an item before the place `at` of a list as it stands. */
  drop(from: ItemPlace, list: ListName, at: number): void;
  moveTo(list: ListName): void;
  duplicate(): void;
  /** Writes an item once more, before the place `at` of a list as it stands. */
  copy(from: ItemPlace, list: ListName, at: number): void;
  remove(from?: ItemPlace): void;
  add(type: StepTypeView, list?: ListName, at?: number): void;
  /** Makes an item, the chosen one unless another is named, what undoes a step. */
  nest(into: number, from?: ItemPlace): void;
  canNest(into: number, from: ItemPlace): boolean;
  /** The nearest step above the chosen one is what it then undoes. */
  nestAbove(): void;
  free(): void;
  /** The steps that the chosen one may undo. */
  nestable(): readonly { readonly index: number; readonly step: StepDefinition }[];
}

/** Ties the operations to a draft, to what is chosen in it, and to who is told. */
export function stepActions(
  draft: Draft,
  chosen: () => Chosen,
  choose: (chosen: Chosen) => void,
  say: (words: string) => void,
): StepActions {
  const definition = () => draft.definition();
  const step = () => stepAt(definition(), chosen());
  const itemAt = (at: ItemPlace) => stepAt(definition(), at);
  const count = (list: ListName) => definition()?.[list]?.length ?? 0;
  const name = () => nameOf(step(), t('steps.no_id'));
  const run = ({ edits, chosen: next }: Operation, words: () => string) => {
    draft.edit(edits).then((isDone) => isDone && say(words()));
    choose(next);
  };
  const shift = (from: ItemPlace, list: ListName, at: number) => {
    const called = nameOf(definition()?.[from.list]?.[from.index] as StepDefinition | undefined, t('steps.no_id'));
    run(moveStep(from, list, at), () => t('steps.moved', called, t(`steps.${list}`), at + 1, count(list)));
  };
  const place = () => {
    const now = chosen();
    return now.list === null ? null : now;
  };
  return {
    step,
    canMove: (by) => {
      const now = place();
      return now !== null && now.index + by >= 0 && now.index + by < count(now.list);
    },
    move(by) {
      const now = place();
      if (now && this.canMove(by)) shift(now, now.list, now.index + by);
    },
    drop(from, list, at) {
      const then = from.list === list && from.index < at ? at - 1 : at;
      if (from.list !== list || from.index !== then) shift(from, list, then);
    },
    moveTo(list) {
      const now = place();
      if (now) shift(now, list, count(list));
    },
    duplicate() {
      const [now, one] = [place(), step()];
      if (now && one)
        run(duplicateStep(definition(), now, one), () => t('steps.moved', name(), t(`steps.${now.list}`), now.index + 2, count(now.list)));
    },
    copy(from, list, at) {
      const one = itemAt(from);
      if (!one) return;
      run(copyStep(definition(), from, one, list, at), () =>
        t('steps.copied', nameOf(one, t('steps.no_id')), t(`steps.${list}`), at + 1, count(list)),
      );
    },
    remove(from) {
      const now = from ?? place();
      const called = now && nameOf(itemAt(now), t('steps.no_id'));
      if (now && called !== null) run(deleteStep(definition(), now), () => t('steps.deleted', called));
    },
    add(type, list, at) {
      const now = place();
      const into = list ?? now?.list ?? 'steps';
      const index = at ?? (now && now.list === into ? now.index + 1 : count(into));
      const made = addStep(definition(), type, into, index);
      run(made, () => t('palette.added', made.id, index + 1, count(into)));
    },
    nest(into, from) {
      const now = from ?? place();
      const one = now && itemAt(now);
      const of = definition()?.steps[into];
      if (now && one && of) run(nestStep(now, into), () => t('steps.nested', nameOf(one, t('steps.no_id')), of.id));
    },
    canNest: (into, from) => !(from.list === 'steps' && from.index === into) && definition()?.steps[into]?.compensate === undefined,
    nestAbove() {
      const now = place();
      const above = this.nestable().findLast(({ index }) => now?.list !== 'steps' || index < now.index);
      if (above) this.nest(above.index);
    },
    free() {
      const [now, one] = [place(), step()];
      if (now?.list === 'steps' && one?.compensate)
        run(freeStep(definition(), now.index, one), () => t('steps.moved', name(), t('steps.steps'), now.index + 2, count('steps')));
    },
    nestable: () => {
      const now = place();
      return (definition()?.steps ?? [])
        .flatMap((one, index) => (one.compensate || (now?.list === 'steps' && now.index === index) ? [] : [{ index, step: one }]))
        .slice(0, 40);
    },
  };
}
