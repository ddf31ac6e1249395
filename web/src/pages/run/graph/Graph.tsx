import { useHref } from '@solidjs/router';
import { createMemo, createSignal, For, type JSX, Show } from 'solid-js';
import { onMount, whenChanged } from '../../../solid.ts';
import type { FoldedGraph, GraphNode } from './fold.ts';
import { type Layout, NODE, neighbour, pathOf } from './layout.ts';
import { NodeCard } from './NodeCard.tsx';
import { t } from './words.ts';

interface GraphProps {
  readonly graph: FoldedGraph;
  readonly layout: Layout;
  readonly scale: number;
  readonly critical: ReadonlySet<string>;
  readonly chosen: string | undefined;
  /** What the reader looks for; others step back. */
  readonly isWanted: (node: GraphNode) => boolean;
  readonly hrefOf: (key: string) => string;
  readonly choose: (key: string) => void;
  readonly toggle: (stage: string) => void;
  /** What stands in a node, where it is not how a run fares. */
  readonly card?: (node: () => GraphNode) => JSX.Element;
  readonly touched: () => void;
  /** Receives how large the box is, for the scale that fits. */
  readonly box: (size: { readonly width: number; readonly height: number }) => void;
}

/** Steps as nodes and needs as edges, each node a link; it must be mounted once it is laid out. */
export const Graph = (props: GraphProps) => {
  let box: HTMLDivElement | undefined;
  const [focused, setFocused] = createSignal<string | null>(null);
  const byId = createMemo(() => new Map(props.graph.nodes.map((node) => [node.id, node] as const)));
  const placed = createMemo(() => [...props.layout.nodes.keys()].filter((id) => byId().has(id)));
  // Of a folded stage the node itself is the chosen step's.
  const chosenNode = createMemo(
    () =>
      props.graph.nodes.find((node) =>
        node.kind === 'step' ? node.id === props.chosen : node.rows.some(({ key }) => key === props.chosen),
      )?.id,
  );
  const stop = () => [focused(), chosenNode(), placed()[0]].find((id) => id !== undefined && id !== null && props.layout.nodes.has(id));

  const card = (node: () => GraphNode, isCritical: boolean) => props.card?.(node) ?? <NodeCard node={node()} isCritical={isCritical} />;

  const reveal = (id: string | undefined) => {
    const at = id === undefined ? undefined : props.layout.nodes.get(id);
    if (!box || !at) return;
    const near = (from: number, size: number, long: number, now: number) =>
      from < now || from + size > now + long ? Math.max(0, from - (long - size) / 2) : now;
    box.scrollTo({
      left: near(at.x * props.scale, NODE.width * props.scale, box.clientWidth, box.scrollLeft),
      top: near(at.y * props.scale, NODE.height * props.scale, box.clientHeight, box.scrollTop),
    });
  };
  onMount(() => {
    if (box) props.box({ width: box.clientWidth, height: box.clientHeight });
    reveal(chosenNode() ?? placed()[0]);
  });
  whenChanged(chosenNode, reveal, 'later');

  const onKeyDown = (event: KeyboardEvent) => {
    const id = (event.target as HTMLElement).closest<HTMLElement>('[data-id]')?.dataset.id;
    const next = id === undefined ? null : neighbour(props.layout, id, event.key);
    if (next === null) return;
    event.preventDefault();
    reveal(next);
    box?.querySelector<HTMLElement>(`[data-id="${CSS.escape(next)}"]`)?.focus({ preventScroll: true });
    if (byId().get(next)?.kind === 'step') props.choose(next);
  };

  let held: { readonly x: number; readonly y: number } | null = null;
  return (
    <div
      ref={box}
      role="group"
      aria-label={t('graph.label')}
      class="h-(--view) cursor-grab overflow-auto border-y border-hairline"
      onKeyDown={onKeyDown}
      onFocusIn={(event) => setFocused((event.target as HTMLElement).closest<HTMLElement>('[data-id]')?.dataset.id ?? null)}
      onWheel={() => props.touched()}
      onPointerDown={(event) => {
        props.touched();
        if (event.button !== 0 || (event.target as Element).closest('[data-id]')) return;
        held = { x: event.clientX + event.currentTarget.scrollLeft, y: event.clientY + event.currentTarget.scrollTop };
        event.currentTarget.setPointerCapture(event.pointerId);
      }}
      onPointerMove={(event) => held && event.currentTarget.scrollTo({ left: held.x - event.clientX, top: held.y - event.clientY })}
      onPointerUp={() => {
        held = null;
      }}
      onPointerCancel={() => {
        held = null;
      }}
    >
      <div
        class="overflow-hidden"
        style={{ width: `${props.layout.width * props.scale}px`, height: `${props.layout.height * props.scale}px` }}
      >
        <div
          class="relative origin-top-left"
          style={{ width: `${props.layout.width}px`, height: `${props.layout.height}px`, transform: `scale(${props.scale})` }}
        >
          <svg
            class="pointer-events-none absolute inset-0 text-control"
            width={props.layout.width}
            height={props.layout.height}
            aria-hidden="true"
          >
            <For each={props.layout.edges}>
              {(edge) => (
                <path
                  d={pathOf(edge.points)}
                  fill="none"
                  stroke="currentColor"
                  stroke-width={props.critical.has(edge.from) && props.critical.has(edge.to) ? 2.5 : 1}
                />
              )}
            </For>
          </svg>
          <For each={placed()}>
            {(id) => (
              <Show when={byId().get(id)}>
                {(node) => {
                  const at = () => props.layout.nodes.get(id) ?? { x: 0, y: 0 };
                  const look = () =>
                    `absolute flex h-12 w-44 flex-col justify-center overflow-hidden rounded-control border px-2 text-left text-table leading-5 ${
                      chosenNode() === id ? 'bg-selected' : 'bg-bg0 hover:bg-bg1'
                    } ${props.isWanted(node()) ? 'border-control' : 'border-dashed border-hairline text-muted'}`;
                  const place = () => ({ transform: `translate(${at().x}px, ${at().y}px)` });
                  return (
                    <Show
                      when={node().kind === 'step'}
                      fallback={
                        <button
                          type="button"
                          data-id={id}
                          tabindex={stop() === id ? 0 : -1}
                          class={look()}
                          style={place()}
                          aria-expanded={(node() as { readonly isRest?: boolean }).isRest === true}
                          onClick={() => props.toggle(id)}
                        >
                          {card(node, false)}
                        </button>
                      }
                    >
                      <a
                        href={useHref(() => props.hrefOf(id))()}
                        {...{ noscroll: '', replace: true }}
                        data-id={id}
                        tabindex={stop() === id ? 0 : -1}
                        class={look()}
                        style={place()}
                        aria-current={chosenNode() === id ? 'true' : undefined}
                        draggable={false}
                      >
                        {card(node, props.critical.has(id))}
                      </a>
                    </Show>
                  );
                }}
              </Show>
            )}
          </For>
        </div>
      </div>
    </div>
  );
};
