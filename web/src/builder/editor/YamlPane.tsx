import type { Draft } from '../draft/draft.ts';

/** The text of a draft in its editor. */
export const YamlPane = (props: { draft: Draft }) => (
  <div
    ref={(element) => element.append(props.draft.view.dom)}
    class="h-full min-h-0 flex-1 overflow-hidden rounded-control border border-hairline"
  />
);
