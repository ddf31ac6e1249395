import CircleX from 'lucide-solid/icons/circle-x';
import Info from 'lucide-solid/icons/info';
import TriangleAlert from 'lucide-solid/icons/triangle-alert';
import { Match, type ParentProps, Switch } from 'solid-js';

const TONES = { info: 'bg-selected', warning: 'bg-warning', failure: 'bg-failure' } as const;

/** One sentence across the page, with its action; the icon and the words say what the colour does. */
export const Banner = (props: ParentProps<{ tone: keyof typeof TONES }>) => (
  <div
    role={props.tone === 'failure' ? 'alert' : 'status'}
    class={`flex flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2 md:px-6 ${TONES[props.tone]}`}
  >
    <Switch>
      <Match when={props.tone === 'info'}>
        <Info size={16} class="shrink-0" />
      </Match>
      <Match when={props.tone === 'warning'}>
        <TriangleAlert size={16} class="shrink-0" />
      </Match>
      <Match when={props.tone === 'failure'}>
        <CircleX size={16} class="shrink-0" />
      </Match>
    </Switch>
    {props.children}
  </div>
);
