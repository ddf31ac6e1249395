import GripVertical from 'lucide-solid/icons/grip-vertical';
import Plus from 'lucide-solid/icons/plus';
import { createMemo, createSignal, For, onCleanup, Show } from 'solid-js';
import type { StepDefinition } from '#jobs/definition.ts';
import { createEffect, Index } from '../../solid.ts';
import type { Draft } from '../draft/draft.ts';
import { type Chosen, itemsOf, JOB_ITSELF, nameOf, type Trouble, writeChosen } from '../draft/selection.ts';
import { LISTS, type ListName } from '../reading/messages.ts';
import { t } from '../words.ts';
import type { StepActions } from './actions.ts';
import { dropList, dropRow, type Edge } from './drag.ts';
import { TroubleMark } from './TroubleMark.tsx';

interface StepListProps {
  readonly draft: Draft;
  readonly troubles: ReadonlyMap<string, Trouble>;
  readonly chosen: Chosen;
  readonly choose: (chosen: Chosen) => void;
  readonly actions: StepActions;
  /** Takes the focus to the step types. */
  readonly add: () => void;
  /** Takes the focus to the form. */
  readonly enter: () => void;
}

/** The job and its steps in their order: chosen, moved and deleted by keys, by mouse and by dragging. */
export const StepList = (props: StepListProps) => {
  let box: HTMLDivElement | undefined;
  const definition = () => props.draft.definition();
  const at = () => writeChosen(props.chosen);
  const order = createMemo((): readonly Chosen[] => [JOB_ITSELF, ...itemsOf(definition()).map(({ list, index }) => ({ list, index }))]);
  const focusChosen = () => box?.querySelector<HTMLElement>('[aria-current=true]')?.focus();
  // A row that moves is drawn anew, which takes the focus out of the page.
  let isMine = false;
  const follow = ({ target }: Event) => {
    isMine = target instanceof Node && box?.contains(target) === true;
  };
  document.addEventListener('focusin', follow);
  document.addEventListener('pointerdown', follow);
  onCleanup(() => {
    document.removeEventListener('focusin', follow);
    document.removeEventListener('pointerdown', follow);
  });
  createEffect(() => {
    definition();
    at();
    queueMicrotask(() => {
      const isLost = document.activeElement === document.body || box?.contains(document.activeElement);
      if (isMine && isLost) focusChosen();
    });
  });
  const step = (by: number) => {
    const at = order().findIndex((one) => writeChosen(one) === writeChosen(props.chosen));
    const next = order()[Math.min(Math.max(at + by, 0), order().length - 1)];
    if (next) props.choose(next);
  };
  const onKey = (event: KeyboardEvent) => {
    const run = keyOf(event, { step, ...props });
    if (!run) return;
    event.preventDefault();
    run();
  };
  return (
    <div ref={box} role="group" aria-label={t('steps.list')} class="@container flex flex-col gap-3 pb-4" onKeyDown={onKey}>
      <button
        type="button"
        class={`flex min-h-8 w-full items-center gap-2 rounded-control px-2 text-left hover:bg-bg2 ${props.chosen.list === null ? 'bg-selected' : ''}`}
        aria-current={props.chosen.list === null ? 'true' : undefined}
        tabindex={props.chosen.list === null ? 0 : -1}
        onClick={() => props.choose(JOB_ITSELF)}
      >
        <span class="min-w-0 flex-1 truncate font-semibold">
          <bdi>{definition()?.name || t('steps.job')}</bdi>
        </span>
        <TroubleMark trouble={props.troubles.get('')} />
      </button>
      <For each={LISTS.filter((list) => list === 'steps' || (definition()?.[list]?.length ?? 0) > 0)}>
        {(list) => (
          <div>
            <h3 class="px-2 pb-1 text-meta font-semibold text-muted">{t(`steps.${list}`)}</h3>
            <ol
              ref={(element) => dropList(element, list, () => definition()?.[list]?.length ?? 0, props.actions)}
              class="min-h-8"
              aria-label={t(`steps.${list}`)}
            >
              <Index each={definition()?.[list] ?? []} fallback={<li class="px-2 py-1 text-muted">{t('steps.empty')}</li>}>
                {(one, index) => (
                  <Row
                    {...props}
                    list={list}
                    index={index}
                    step={one() as StepDefinition}
                    isChosen={at() === `${list}.${index}`}
                    trouble={props.troubles.get(`${list}.${index}`)}
                  />
                )}
              </Index>
            </ol>
          </div>
        )}
      </For>
      <button type="button" class="button self-start" onClick={() => props.add()}>
        <Plus size={16} />
        {t('steps.add')}
      </button>
      <p class="sr-only" id="builder-step-keys">
        {t('steps.keys')}
      </p>
    </div>
  );
};

interface KeyTargets {
  readonly step: (by: number) => void;
  readonly actions: StepActions;
  readonly enter: () => void;
}

/** What a key does in the list. */
function keyOf(event: KeyboardEvent, { step, actions, enter }: KeyTargets): (() => void) | undefined {
  if (event.ctrlKey || event.metaKey || event.isComposing) return undefined;
  const keys: { readonly [key: string]: () => void } = event.altKey
    ? event.shiftKey
      ? { ArrowDown: () => actions.duplicate(), ArrowRight: () => actions.nestAbove(), ArrowLeft: () => actions.free() }
      : { ArrowUp: () => actions.move(-1), ArrowDown: () => actions.move(1) }
    : {
        ArrowUp: () => step(-1),
        ArrowDown: () => step(1),
        Home: () => step(-1e6),
        End: () => step(1e6),
        Delete: () => actions.remove(),
        Enter: enter,
      };
  return keys[event.key];
}

/** Where what is dragged would go: a line before or behind, a frame around what it would undo. */
const EDGES: { readonly [E in Edge]: string } = {
  top: '-top-px h-0.5 bg-accent',
  bottom: '-bottom-px h-0.5 bg-accent',
  into: 'inset-y-0 rounded-control border-2 border-accent',
};

interface RowProps extends Omit<StepListProps, 'troubles'> {
  readonly list: ListName;
  readonly index: number;
  readonly step: StepDefinition;
  readonly isChosen: boolean;
  readonly trouble: Trouble | undefined;
}

const Row = (props: RowProps) => {
  const [edge, setEdge] = createSignal<Edge | null>(null);
  const isChosen = createMemo(() => props.isChosen);
  return (
    <li ref={(element) => dropRow(element, () => props, props.actions, setEdge)} class="relative">
      <Show when={edge()}>{(at) => <span class={`pointer-events-none absolute inset-x-0 z-10 ${EDGES[at()]}`} />}</Show>
      <button
        type="button"
        class={`flex min-h-8 w-full items-center gap-2 rounded-control pr-2 text-left hover:bg-bg2 ${isChosen() ? 'bg-selected' : ''}`}
        aria-current={isChosen() ? 'true' : undefined}
        aria-describedby="builder-step-keys"
        tabindex={isChosen() ? 0 : -1}
        onClick={() => props.choose({ list: props.list, index: props.index })}
      >
        <GripVertical size={16} class="shrink-0 cursor-grab text-muted" aria-hidden="true" />
        <span class="w-6 shrink-0 text-right text-meta text-muted">{props.index + 1}</span>
        <span class="min-w-0 flex-1 truncate">
          <bdi>{nameOf(props.step, t('steps.no_id'))}</bdi>
          <Show when={props.step.compensate}>
            {(undoing) => <span class="text-meta text-muted"> · {t('steps.undoes', String(undoing().type))}</span>}
          </Show>
        </span>
        <span class="hidden max-w-1/2 shrink-0 truncate text-meta text-muted @min-[240px]:block">
          <bdi>{typeof props.step.type === 'string' ? props.step.type : ''}</bdi>
        </span>
        <TroubleMark trouble={props.trouble} />
      </button>
    </li>
  );
};
