import { Show } from 'solid-js';
import { formatDuration } from '#jobs/duration.ts';
import { Timestamp } from '../../../components/Timestamp.tsx';
import { useNow } from '../../../time/clock.ts';
import { t } from '../words.ts';

/** A moment to come, and how far away it is. */
export const Until = (props: { at: string; zone: string | null }) => {
  const now = useNow();
  const left = () => Math.ceil((Date.parse(props.at) - now()) / 1000) * 1000;
  return (
    <span>
      <Timestamp at={props.at} zone={props.zone} />
      <Show when={left() > 0}> ({t('hold.left', formatDuration(left()))})</Show>
    </span>
  );
};
