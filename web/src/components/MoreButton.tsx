import { createSignal, Show } from 'solid-js';
import { createEffect } from '../solid.ts';
import { t } from '../words.ts';
import { ActionButton } from './ActionButton.tsx';

/** As much of an infinite query as it goes on from. */
export interface Going {
  readonly hasNextPage: boolean;
  readonly isFetching: boolean;
  readonly isFetchingNextPage: boolean;
  fetchNextPage(): unknown;
}

interface MoreButtonProps {
  readonly words: string;
  readonly busyWords?: string;
  readonly query: Going;
}

/** Under a list of which more can be read: reads the next page, and is there as long as there is one. */
export const MoreButton = (props: MoreButtonProps) => (
  <Show when={props.query.hasNextPage}>
    <div class="mt-3">
      <NextPageButton {...props} />
    </div>
  </Show>
);

/** Reads the next page. Pressed while what is here is read again it waits for that, which would else be broken off, and the change that it was for be lost. */
export const NextPageButton = (props: MoreButtonProps) => {
  const [wanted, setWanted] = createSignal(false);
  createEffect(() => {
    if (!wanted() || props.query.isFetching) return;
    setWanted(false);
    props.query.fetchNextPage();
  });
  return (
    <ActionButton
      words={props.words}
      busyWords={props.busyWords ?? t('fetched.more')}
      busy={wanted() || props.query.isFetchingNextPage}
      run={() => setWanted(true)}
    />
  );
};
