import { type ParentProps, Show } from 'solid-js';

/** Facts under a title, a line each, after what somebody says to them. */
export const Facts = (props: ParentProps<{ title: string; lead: string | null }>) => (
  <section class="min-w-0 rounded-control bg-bg1 px-3 py-2" aria-label={props.title}>
    <h3 class="mb-1 text-table font-semibold">{props.title}</h3>
    <Show when={props.lead}>{(lead) => <p class="mb-2 break-words whitespace-pre-line">{lead()}</p>}</Show>
    <dl class="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1 text-table">{props.children}</dl>
  </section>
);

/** One fact: what it is, and what is so. */
export const Fact = (props: ParentProps<{ name: string }>) => (
  <>
    <dt class="text-muted">{props.name}</dt>
    <dd class="min-w-0 break-words">{props.children}</dd>
  </>
);
