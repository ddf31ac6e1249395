import { useHref, useNavigate } from '@solidjs/router';
import { For, onCleanup, Show } from 'solid-js';
import { useActions } from '../actions/actions.tsx';
import { createEffect, onMount } from '../solid.ts';
import { grouped } from '../words/counted.ts';
import { t } from '../words.ts';

/** One view of a page, with an address of its own. */
export interface Tab {
  readonly id: string;
  readonly word: string;
  readonly href: string;
  readonly count?: number | undefined;
}

/** The views of a page as links, so that each can be opened, shared and gone back to; `1` to `7` choose them. */
export const Tabs = (props: { label: string; tabs: readonly Tab[]; current: string }) => {
  const navigate = useNavigate();
  let nav: HTMLElement | undefined;
  // Where they do not all have room, the chosen one is seen; the page itself does not move.
  const reveal = (current: string) => {
    const chosen = nav?.querySelector<HTMLElement>(`[data-tab="${CSS.escape(current)}"]`);
    if (nav && chosen) nav.scrollLeft = chosen.offsetLeft - (nav.clientWidth - chosen.offsetWidth) / 2;
  };
  createEffect(() => reveal(props.current));
  onMount(() => {
    const observer = new ResizeObserver(() => reveal(props.current));
    if (nav) observer.observe(nav);
    onCleanup(() => observer.disconnect());
  });
  useActions(() =>
    props.tabs.slice(0, 7).map(({ id, word, href }, at) => ({
      id: `tab.${id}`,
      words: t('tabs.go', word),
      key: String(at + 1),
      run: () => navigate(href, { scroll: false }),
    })),
  );
  return (
    <nav ref={nav} aria-label={props.label} class="relative -mx-4 overflow-x-auto border-b border-hairline px-4 md:-mx-6 md:px-6">
      <ul class="flex gap-1">
        <For each={props.tabs}>
          {(tab) => (
            <li class="shrink-0" data-tab={tab.id}>
              <a
                href={useHref(() => tab.href)()}
                {...{ noscroll: '' }}
                class={`-mb-px flex h-10 items-center gap-2 border-b-2 px-3 ${
                  tab.id === props.current ? 'border-accent font-semibold' : 'border-transparent text-muted hover:text-text'
                }`}
                aria-current={tab.id === props.current ? 'page' : undefined}
              >
                {tab.word}
                <Show when={tab.count !== undefined}>
                  <span class="text-meta text-muted">{grouped(tab.count ?? 0)}</span>
                </Show>
              </a>
            </li>
          )}
        </For>
      </ul>
    </nav>
  );
};
