import { draggable, dropTargetForElements, monitorForElements } from '@atlaskit/pragmatic-drag-and-drop/element/adapter';
import { onCleanup } from 'solid-js';
import { onMount } from '../../solid.ts';
import type { ListName } from '../reading/messages.ts';
import type { StepTypeView } from '../views.ts';
import type { ItemPlace, StepActions } from './actions.ts';

type Dragged = { readonly kind: 'step'; readonly place: () => ItemPlace } | { readonly kind: 'type'; readonly type: StepTypeView };

const draggedOf = ({ data }: { readonly data: Record<string | symbol, unknown> }): Dragged | null =>
  (data.builder as Dragged | undefined) ?? null;

/** Where of a row something is dropped: before it, behind it, or onto it, which makes it what undoes the row's step. */
export type Edge = 'top' | 'bottom' | 'into';

const dropped = (dragged: Dragged | null, list: ListName, at: number, isCopy: boolean, actions: StepActions): void => {
  if (dragged?.kind === 'type') actions.add(dragged.type, list, at);
  if (dragged?.kind !== 'step') return;
  if (isCopy) actions.copy(dragged.place(), list, at);
  else actions.drop(dragged.place(), list, at);
};

const isCopying = ({ altKey, ctrlKey }: { readonly altKey: boolean; readonly ctrlKey: boolean }): boolean => altKey || ctrlKey;

const edgeOf = (element: Element, y: number, mayNest: boolean): Edge => {
  const { top, height } = element.getBoundingClientRect();
  const part = (y - top) / height;
  if (mayNest && part > 0.25 && part < 0.75) return 'into';
  return part < 0.5 ? 'top' : 'bottom';
};

/** A row that can be dragged, and before, behind or onto which others are dropped; with Alt or Ctrl a copy goes there. */
export function dropRow(element: HTMLElement, place: () => ItemPlace, actions: StepActions, show: (edge: Edge | null) => void): void {
  const mayNest = (dragged: Dragged | null): boolean =>
    dragged?.kind === 'step' && place().list === 'steps' && actions.canNest(place().index, dragged.place());
  onMount(() => {
    const stops = [
      draggable({ element, getInitialData: () => ({ builder: { kind: 'step', place } satisfies Dragged }) }),
      dropTargetForElements({
        element,
        canDrop: ({ source }) => draggedOf(source) !== null,
        getDropEffect: ({ input, source }) => (draggedOf(source)?.kind === 'type' || isCopying(input) ? 'copy' : 'move'),
        getData: ({ input, source }) => ({ edge: edgeOf(element, input.clientY, mayNest(draggedOf(source)) && !isCopying(input)) }),
        onDrag: ({ self }) => show(self.data.edge as Edge),
        onDragLeave: () => show(null),
        onDrop: ({ self, source, location }) => {
          show(null);
          const { list, index } = place();
          const dragged = draggedOf(source);
          if (self.data.edge === 'into' && dragged?.kind === 'step') return actions.nest(index, dragged.place());
          dropped(dragged, list, index + (self.data.edge === 'bottom' ? 1 : 0), isCopying(location.current.input), actions);
        },
      }),
    ];
    onCleanup(() => {
      for (const stop of stops) stop();
    });
  });
}

/** A place that takes steps out of the job; `show` tells whether one is being dragged, and whether over it. */
export function dropBin(element: HTMLElement, actions: StepActions, show: (state: 'away' | 'dragged' | 'over') => void): void {
  onMount(() => {
    const isStep = (source: Parameters<typeof draggedOf>[0]) => draggedOf(source)?.kind === 'step';
    const stops = [
      monitorForElements({
        onDragStart: ({ source }) => isStep(source) && show('dragged'),
        onDrop: () => show('away'),
      }),
      dropTargetForElements({
        element,
        canDrop: ({ source }) => isStep(source),
        onDragEnter: () => show('over'),
        onDragLeave: () => show('dragged'),
        onDrop: ({ source }) => {
          const dragged = draggedOf(source);
          if (dragged?.kind === 'step') actions.remove(dragged.place());
        },
      }),
    ];
    onCleanup(() => {
      for (const stop of stops) stop();
    });
  });
}

/** A list that takes what is dropped beside its rows at its end. */
export function dropList(element: HTMLElement, list: ListName, count: () => number, actions: StepActions): void {
  onMount(() => {
    const stop = dropTargetForElements({
      element,
      canDrop: ({ source }) => draggedOf(source) !== null,
      onDrop: ({ location, source, self }) => {
        if (location.current.dropTargets[0]?.element === self.element)
          dropped(draggedOf(source), list, count(), isCopying(location.current.input), actions);
      },
    });
    onCleanup(stop);
  });
}

/** A step type that can be dragged into a list. */
export function dragType(element: HTMLElement, type: () => StepTypeView): void {
  onMount(() => onCleanup(draggable({ element, getInitialData: () => ({ builder: { kind: 'type', type: type() } satisfies Dragged }) })));
}
