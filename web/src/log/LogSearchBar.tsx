import ArrowDown from 'lucide-solid/icons/arrow-down';
import ArrowUp from 'lucide-solid/icons/arrow-up';
import CaseSensitive from 'lucide-solid/icons/case-sensitive';
import Regex from 'lucide-solid/icons/regex';
import { type JSX, Show } from 'solid-js';
import { IconButton } from '../components/IconButton.tsx';
import type { HistoryEntry } from '../url/use-search-state.ts';
import type { LogPlace } from './place.ts';
import type { LogSearch } from './search.ts';
import { t } from './words.ts';

interface LogSearchBarProps {
  readonly place: LogPlace;
  readonly setPlace: (part: Partial<LogPlace>, entry?: HistoryEntry) => void;
  readonly search: LogSearch;
  readonly ref: (input: HTMLInputElement) => void;
  /** Back to the lines. */
  readonly leave: () => void;
}

/** The log's own search: what to look for, how many lines match, and the way from one to the next. */
export const LogSearchBar = (props: LogSearchBarProps) => {
  const standing = () => props.search.standing();
  const onKeyDown: JSX.EventHandler<HTMLInputElement, KeyboardEvent> = (event) => {
    if (event.isComposing) return;
    if (event.key === 'Enter') {
      event.preventDefault();
      props.search.go(event.shiftKey ? 'previous' : 'next');
    } else if (event.key === 'Escape') {
      event.preventDefault();
      event.stopPropagation();
      if (props.place.find !== '') props.setPlace({ find: '' });
      props.leave();
    }
  };
  return (
    <search class="flex w-full min-w-0 items-center gap-1 md:ml-auto md:w-auto" aria-label={t('log.search')}>
      <input
        ref={props.ref}
        type="search"
        class="input min-w-24 flex-1 md:w-48"
        placeholder={t('log.search_hint')}
        aria-label={t('log.search')}
        aria-invalid={props.search.error() ? 'true' : undefined}
        aria-describedby="log-search-says"
        maxlength={1000}
        spellcheck={false}
        autocomplete="off"
        value={props.place.find}
        onInput={(event) => props.setPlace({ find: event.currentTarget.value }, 'typing')}
        onKeyDown={onKeyDown}
      />
      <span id="log-search-says" role="status" class="max-w-64 truncate text-right text-meta text-muted">
        <Show
          when={props.search.error()}
          fallback={
            <Show when={standing()}>
              {(now) => (
                <>
                  <span aria-hidden="true">
                    {t('log.hits', now().place, now().count, now().complete)}
                    <Show when={!now().complete}>{t('log.so_far', now().scanned)}</Show>
                  </span>
                  <span class="sr-only">{t('log.hits_say', now().count, now().complete)}</span>
                </>
              )}
            </Show>
          }
        >
          {(error) => (
            <span class="ansi-1" title={error().message}>
              {error().message}
            </span>
          )}
        </Show>
      </span>
      <IconButton label={t('log.previous_hit')} off={!standing()?.count && t('log.no_hit')} press={() => props.search.go('previous')}>
        <ArrowUp size={16} />
      </IconButton>
      <IconButton label={t('log.next_hit')} off={!standing()?.count && t('log.no_hit')} press={() => props.search.go('next')}>
        <ArrowDown size={16} />
      </IconButton>
      <IconButton label={t('log.regexp')} pressed={props.place.regexp} press={() => props.setPlace({ regexp: !props.place.regexp })}>
        <Regex size={16} />
      </IconButton>
      <IconButton label={t('log.match_case')} pressed={props.place.case} press={() => props.setPlace({ case: !props.place.case })}>
        <CaseSensitive size={16} />
      </IconButton>
    </search>
  );
};
