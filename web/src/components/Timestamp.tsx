import { Show } from 'solid-js';
import { useNow, zone } from '../time/clock.ts';
import { instantText, instantTitle } from '../time/instant.ts';

/** An instant in the reader's zone; the run's own zone and UTC on hover. */
export const Timestamp = (props: { at: string | null | undefined; zone?: string | null; absent?: string }) => {
  const now = useNow();
  return (
    <Show when={props.at} fallback={props.absent ?? '–'}>
      {(at) => (
        <time datetime={at()} title={instantTitle(at(), zone(), props.zone ?? null)}>
          {instantText(at(), new Date(now()), zone())}
        </time>
      )}
    </Show>
  );
};
