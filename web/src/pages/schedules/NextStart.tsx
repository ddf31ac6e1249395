import { Show } from 'solid-js';
import { Timestamp } from '../../components/Timestamp.tsx';
import { zoneName } from '../../time/instant.ts';
import { wallWords } from '../../time/wall.ts';

/** When something starts on the clocks of a schedule, as the server reckoned it; its instant on hover. */
export const ZoneClock = (props: { at: string | null; local: string | null; zone: string }) => (
  <Show when={props.at !== null && props.local} fallback="–">
    {(local) => (
      <time datetime={props.at ?? ''} title={props.at ?? ''} class="whitespace-nowrap">
        {wallWords(local(), new Date().getFullYear())} <span class="text-muted">{zoneName(new Date(props.at ?? ''), props.zone)}</span>
      </time>
    )}
  </Show>
);

/** The same on the reader's clocks. */
export const MyClock = (props: { at: string | null; zone: string }) => (
  <span class="whitespace-nowrap">
    <Timestamp at={props.at} zone={props.zone} />
  </span>
);
