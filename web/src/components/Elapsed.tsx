import { formatDuration } from '#jobs/duration.ts';
import { useNow } from '../time/clock.ts';

/** How long something took, or has taken until now; empty before it started. */
export const Elapsed = (props: { from: string | null; to: string | null; ms?: number | null | undefined }) => {
  const now = useNow();
  const long = () => {
    if (props.ms !== null && props.ms !== undefined && props.to) return formatDuration(props.ms);
    if (!props.from) return '';
    const passed = Math.max(0, (props.to ? Date.parse(props.to) : now()) - Date.parse(props.from));
    if (props.to) return formatDuration(passed);
    return passed < 1000 ? '0 s' : formatDuration(Math.floor(passed / 1000) * 1000);
  };
  return <span>{long()}</span>;
};
