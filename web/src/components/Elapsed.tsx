import { formatDuration } from '#jobs/duration.ts';
import { useNow } from '../time/clock.ts';

/** How long something took, or has taken until now; empty before it started. */
export const Elapsed = (props: { from: string | null; to: string | null; ms?: number | null | undefined }) => {
  const now = useNow();
  const long = () => {
    if (props.ms !== null && props.ms !== undefined && props.to) return formatDuration(props.ms);
    if (!props.from) return '';
    const end = props.to ? Date.parse(props.to) : now();
    return formatDuration(Math.max(0, end - Date.parse(props.from) - (props.to ? 0 : (end - Date.parse(props.from)) % 1000)));
  };
  return <span>{long()}</span>;
};
