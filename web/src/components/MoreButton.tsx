import { Show } from 'solid-js';
import { t } from '../words.ts';
import { ActionButton } from './ActionButton.tsx';

interface MoreButtonProps {
  readonly words: string;
  /** As much of an infinite query as it goes on from. */
  readonly query: { readonly hasNextPage: boolean; readonly isFetchingNextPage: boolean; fetchNextPage(): unknown };
}

/** Under a list of which more can be read: reads the next page, and is there as long as there is one. */
export const MoreButton = (props: MoreButtonProps) => (
  <Show when={props.query.hasNextPage}>
    <div class="mt-3">
      <ActionButton
        words={props.words}
        busyWords={t('fetched.more')}
        busy={props.query.isFetchingNextPage}
        run={() => void props.query.fetchNextPage()}
      />
    </div>
  </Show>
);
