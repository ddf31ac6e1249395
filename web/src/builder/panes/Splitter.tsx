import { clamped, LEAST, MOST } from './widths.ts';

interface SplitterProps {
  readonly label: string;
  readonly width: number;
  /** Whether the pane that it sizes stands on its left. */
  readonly left: boolean;
  readonly change: (width: number) => void;
}

/** The edge of a pane, dragged or moved by arrow keys. */
export const Splitter = (props: SplitterProps) => {
  const drag = (event: PointerEvent & { currentTarget: HTMLElement }) => {
    const handle = event.currentTarget;
    const [from, width] = [event.clientX, props.width];
    handle.setPointerCapture(event.pointerId);
    const move = ({ clientX }: PointerEvent) => props.change(clamped(width + (props.left ? clientX - from : from - clientX)));
    const stop = () => {
      handle.removeEventListener('pointermove', move);
      handle.removeEventListener('pointerup', stop);
      handle.removeEventListener('pointercancel', stop);
    };
    handle.addEventListener('pointermove', move);
    handle.addEventListener('pointerup', stop);
    handle.addEventListener('pointercancel', stop);
  };
  const onKey = (event: KeyboardEvent) => {
    const by = { ArrowLeft: -16, ArrowRight: 16 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    props.change(clamped(props.width + (props.left ? by : -by)));
  };
  return (
    <div
      role="separator"
      tabindex="0"
      aria-orientation="vertical"
      aria-label={props.label}
      aria-valuenow={props.width}
      aria-valuemin={LEAST}
      aria-valuemax={MOST}
      class="group relative z-10 -mx-3 flex w-6 shrink-0 cursor-col-resize touch-none justify-center outline-none"
      onPointerDown={drag}
      onKeyDown={onKey}
    >
      <span class="w-px bg-hairline group-hover:w-0.5 group-hover:bg-accent group-focus-visible:w-0.5 group-focus-visible:bg-accent" />
    </div>
  );
};
