import { createSignal, For, type JSX, Match, onCleanup, Show, Switch } from 'solid-js';
import { openPalette } from '../actions/palette-layer.ts';
import { ApiProblem } from '../api/problem.ts';
import { createEffect } from '../solid.ts';
import { zone } from '../time/clock.ts';
import { clockTime } from '../time/instant.ts';
import { wantedIn } from '../url/wanted.ts';
import { t } from '../words.ts';
import { Banner } from './Banner.tsx';
import { PlainText } from './PlainText.tsx';
import { RequestId } from './RequestId.tsx';

const QUIET_MS = 150;
/** Lines of text that are not there yet, more than the highest place has room for. */
const BARS = Array.from({ length: 24 }, (_, at) => ['w-2/3', 'w-full', 'w-5/6', 'w-1/2'][at % 4]);
const SLOW_MS = 10_000;

/** The part of a TanStack query that its states are drawn from. */
export interface Fetching<T> {
  readonly data: T | undefined;
  readonly error: Error | null;
  /** When data last came, 0 before it ever did. */
  readonly dataUpdatedAt: number;
  /** The data are those of what was asked for before. */
  readonly isPlaceholderData?: boolean;
  readonly isPending: boolean;
  /** `idle` while pending: the load was cancelled. */
  readonly fetchStatus: 'fetching' | 'paused' | 'idle';
  refetch(): unknown;
}

/** True once a query has data, also while a refresh fails; data of what was asked for before count. */
export const isLoaded = (query: Pick<Fetching<unknown>, 'dataUpdatedAt' | 'isPlaceholderData'>): boolean =>
  query.dataUpdatedAt > 0 || query.isPlaceholderData === true;

interface FetchedProps<T> {
  readonly query: Fetching<T>;
  /** Class of the skeleton's final height, so that nothing jumps. */
  readonly skeleton: string;
  /** Says, from the data, that there is nothing to show; with what to show then. */
  readonly isEmpty?: (data: T) => boolean;
  readonly empty?: JSX.Element;
  /** What else helps where the server took too long, beside trying again. */
  readonly instead?: JSX.Element;
  /** Stops a load that takes too long; without it there is no such button. */
  readonly cancel?: () => void;
  /** Called once when data is there; read it through the accessor so that refreshes patch in place. */
  readonly children: (data: () => T) => JSX.Element;
}

/** What is shown of anything loaded: nothing, skeleton, slow, denied, gone, failed, empty, or the data, which a failed refresh never takes away. */
export const Fetched = <T,>(props: FetchedProps<T>) => {
  const instead = (error: Error) => error instanceof ApiProblem && error.status === 503 && props.instead;
  return (
    <>
      <Show when={isLoaded(props.query) && props.query.error}>
        {(error) => (
          <StillShowing error={error()} at={props.query.dataUpdatedAt} retry={() => props.query.refetch()} instead={instead(error())} />
        )}
      </Show>
      <Switch>
        <Match when={isLoaded(props.query)}>
          <Show when={!props.isEmpty?.(props.query.data as T)} fallback={props.empty}>
            {props.children(() => props.query.data as T)}
          </Show>
        </Match>
        <Match when={props.query.error}>{(error) => <Refusal error={error()} retry={() => props.query.refetch()} />}</Match>
        <Match when={props.query.isPending && props.query.fetchStatus === 'idle'}>
          <p class="flex items-center gap-3 py-6">
            {t('fetched.cancelled')}
            <button type="button" class="button" onClick={() => props.query.refetch()}>
              {t('fetched.retry')}
            </button>
          </p>
        </Match>
        <Match when={props.query.isPending}>
          <Skeleton height={props.skeleton} cancel={props.cancel} />
        </Match>
      </Switch>
    </>
  );
};

/** The place of what is being loaded, at its final height: blank at first, then bars, and after long the words for it. */
export const Skeleton = (props: { height: string; cancel?: (() => void) | undefined }) => {
  const [stage, setStage] = createSignal<'quiet' | 'skeleton' | 'slow'>('quiet');
  createEffect(() => {
    const timers = [setTimeout(() => setStage('skeleton'), QUIET_MS), setTimeout(() => setStage('slow'), SLOW_MS)];
    onCleanup(() => timers.forEach(clearTimeout));
  });
  return (
    <div class={`flex flex-col ${props.height}`} aria-busy="true">
      <Show when={stage() === 'slow'}>
        <p class="flex shrink-0 items-center gap-3 py-2">
          {t('fetched.slow')}
          <Show when={props.cancel}>
            {(cancel) => (
              <button type="button" class="button" onClick={() => cancel()()}>
                {t('fetched.cancel')}
              </button>
            )}
          </Show>
        </p>
      </Show>
      <Show when={stage() !== 'quiet'}>
        <p class="sr-only" role="status">
          {t('fetched.loading')}
        </p>
        {/* What has no room is left out, so that nothing below is drawn over. */}
        <div class="flex min-h-0 flex-1 flex-col gap-3 overflow-hidden py-2 motion-safe:animate-pulse" aria-hidden="true">
          <For each={BARS}>{(width) => <div class={`h-4 shrink-0 rounded-control bg-bg2 ${width}`} />}</For>
        </div>
      </Show>
    </div>
  );
};

const wordsFor = (error: Error): string => {
  if (!(error instanceof ApiProblem)) return t('fetched.failed');
  if (error.status === 403) return t('fetched.denied');
  if (error.status === 404) return t('fetched.gone');
  if (error.status === 0) return t('fetched.offline');
  return error.status === 503 ? t('fetched.busy') : t('fetched.failed');
};

const detailFor = (error: Error): string => {
  if (error instanceof ApiProblem && error.status === 0) return '';
  return error instanceof ApiProblem && error.status === 403 ? t('fetched.denied_how', error.message) : error.message;
};

/** A failed load in words: what, why, the request to quote, and the way on. */
export const Refusal = (props: { error: Error; retry?: () => void }) => (
  <div class="max-w-column py-6" role="alert">
    <p class="font-semibold">{wordsFor(props.error)}</p>
    <p class="mt-1 text-muted">
      <PlainText text={detailFor(props.error)} />
    </p>
    <RequestId of={props.error} />
    <p class="mt-4 flex flex-wrap gap-3 empty:hidden">
      <Show when={props.retry}>
        {(retry) => (
          <button type="button" class="button" onClick={() => retry()()}>
            {t('fetched.retry')}
          </button>
        )}
      </Show>
      <Show when={props.error instanceof ApiProblem && props.error.status === 404}>
        <button type="button" class="button" onClick={() => openPalette(wantedIn(location.pathname))}>
          {t('app.search')}
        </button>
      </Show>
    </p>
  </div>
);

/** A refresh that failed: why, and since when what stays on screen is no newer. */
const StillShowing = (props: { error: Error; at: number; retry: () => void; instead: JSX.Element }) => (
  <Banner tone="warning">
    <span class="min-w-56 flex-1">
      {wordsFor(props.error)} {props.at > 0 ? t('fetched.stood', clockTime(new Date(props.at), zone())) : t('fetched.older')}{' '}
      <PlainText text={detailFor(props.error)} first={400} />
    </span>
    <button type="button" class="button" onClick={() => props.retry()}>
      {t('fetched.retry')}
    </button>
    {props.instead}
  </Banner>
);
