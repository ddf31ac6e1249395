import type { LateLayerProps } from '../../../components/LateButton.tsx';
import { PopoverLayer } from '../../../components/PopoverLayer.tsx';
import type { RunsFilter } from '../../../url/runs-filter.ts';
import { t } from '../words.ts';
import { ChipForm } from './ChipForm.tsx';
import type { ChipName } from './kinds.ts';

interface ChipLayerProps extends LateLayerProps {
  readonly chip: ChipName;
  readonly filter: RunsFilter;
  readonly change: (part: Partial<RunsFilter>, how?: 'typing') => void;
  readonly closed: () => void;
}

/** Where a chip is filled in. */
export const ChipLayer = (props: ChipLayerProps) => (
  <PopoverLayer
    class={props.class}
    face={props.face}
    opening={props.opening}
    label={t(`filter.${props.chip}`)}
    box="max-w-[calc(100vw-16px)]"
    placement="bottom-start"
    closed={props.closed}
  >
    {(close) => <ChipForm chip={props.chip} filter={props.filter} change={props.change} done={close} />}
  </PopoverLayer>
);
