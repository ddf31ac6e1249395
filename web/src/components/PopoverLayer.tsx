import { Popover } from '@kobalte/core/popover';
import { createSignal, type JSX } from 'solid-js';
import type { LateLayerProps } from './LateButton.tsx';

interface PopoverLayerProps extends LateLayerProps {
  readonly label: string;
  /** Classes of the layer. */
  readonly box: string;
  readonly placement: 'bottom-start' | 'bottom-end';
  readonly closed?: () => void;
  readonly children: (close: () => void) => JSX.Element;
}

/** An open layer under its button, which opens and closes it from then on. */
export const PopoverLayer = (props: PopoverLayerProps) => {
  const [open, setOpen] = createSignal(true);
  const close = () => {
    setOpen(false);
    props.closed?.();
  };
  return (
    <Popover open={open()} onOpenChange={(next) => (next ? setOpen(true) : close())} gutter={4} placement={props.placement}>
      <Popover.Trigger class={props.class}>{props.face}</Popover.Trigger>
      <Popover.Portal>
        <Popover.Content class={`layer z-40 p-2 outline-none ${props.box}`} aria-label={props.label}>
          {props.children(close)}
        </Popover.Content>
      </Popover.Portal>
    </Popover>
  );
};
