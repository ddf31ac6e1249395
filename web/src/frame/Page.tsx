import { createSignal, type JSX, onCleanup, type ParentProps } from 'solid-js';
import { createEffect, onMount } from '../solid.ts';
import { t } from '../words.ts';

interface Place {
  readonly word: string;
  readonly href?: string;
}

const [places, setPlaces] = createSignal<readonly Place[]>([]);

/** The way to the page on screen, outermost first; the last has no link. */
export const trail = places;

let arrivals = 0;

interface PageProps {
  readonly title: string;
  /** What stands in place of the plain title, e.g. with a badge. */
  readonly heading?: JSX.Element;
  readonly trail?: readonly Place[];
  readonly actions?: JSX.Element;
  /** One line of state under the title. */
  readonly state?: JSX.Element;
  /** The page fills the frame and scrolls inside itself; where the window leaves it too little room for that, the frame scrolls as well. */
  readonly filled?: boolean;
}

/** A page in the frame: its title in tab, trail and h1, which takes the focus on arrival so that a screen reader begins there. */
export const Page = (props: ParentProps<PageProps>) => {
  let heading: HTMLHeadingElement | undefined;
  createEffect(() => {
    document.title = `${props.title} · ${t('app.name')}`;
    setPlaces([...(props.trail ?? []), { word: props.title }]);
  });
  onMount(() => {
    // The first page of a visit leaves the focus to the browser, whose first tab stop is the skip link.
    if (arrivals++ > 0) heading?.focus({ preventScroll: true });
  });
  onCleanup(() => setPlaces([]));
  return (
    <div class={`flex flex-col px-4 pt-4 md:px-6 ${props.filled ? 'min-h-120 flex-1 max-md:min-h-180' : 'pb-12'}`}>
      <div class="flex flex-wrap items-start gap-x-4 gap-y-3">
        <div class="min-w-0 flex-1 basis-52">
          <h1 ref={heading} tabindex="-1" class="break-words text-title font-semibold">
            {props.heading ?? props.title}
          </h1>
          {/* Asked for once and never moved: what is hidden when there is nothing of it needs no condition. */}
          <div class="mt-1 text-muted empty:hidden">{props.state}</div>
        </div>
        <div class="flex flex-wrap items-center gap-2 empty:hidden">{props.actions}</div>
      </div>
      {props.children}
    </div>
  );
};
