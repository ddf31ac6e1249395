import { A } from '@solidjs/router';
import { For, Show } from 'solid-js';
import { useQuery } from '../../api/use-query.ts';
import { isLoaded, Skeleton } from '../../components/Fetched.tsx';
import { StatusIcon } from '../../components/StatusBadge.tsx';
import { countQuery } from '../runs/queries.ts';
import { NEED_NAMES, NEEDS } from './needs.ts';
import { t } from './words.ts';

/** What waits for a person, each with the way to exactly the runs it counts; says so when there is nothing, and what could not be counted. */
export const NeedsYou = () => {
  const asked = NEED_NAMES.map((name) => ({ name, query: useQuery(() => countQuery(NEEDS[name].search)) }));
  const found = () =>
    asked.flatMap(({ name, query }) => (isLoaded(query) && query.data && query.data.count > 0 ? [{ name, counted: query.data }] : []));
  const isKnown = () => asked.every(({ query }) => isLoaded(query) || query.error);
  const unknown = () => asked.filter(({ query }) => !isLoaded(query) && query.error).map(({ name }) => t(`needs.unknown.${name}`));

  return (
    <section
      aria-labelledby="needs"
      class="mt-4 flex min-h-8 flex-wrap items-center gap-x-6 gap-y-2 max-md:min-h-22 max-md:content-start"
      aria-busy={isKnown() ? undefined : 'true'}
    >
      <h2 id="needs" class="text-section font-semibold">
        {t('overview.needs')}
      </h2>
      <For each={found()}>
        {({ name, counted }) => (
          <A
            class={`tone-${NEEDS[name].look} flex min-h-6 items-center gap-2 text-(--tone) hover:underline`}
            href={`/runs?${NEEDS[name].search}`}
          >
            <StatusIcon status={NEEDS[name].look} />
            {t(`needs.${name}`, counted.count, counted.more)}
          </A>
        )}
      </For>
      <Show when={!isKnown()}>
        <Skeleton height="h-8 w-60" />
      </Show>
      <Show when={isKnown() && found().length === 0 && unknown().length === 0}>
        <p class="text-muted">{t('overview.nothing')}</p>
      </Show>
      <Show when={isKnown() && unknown().length > 0}>
        <p class="text-muted">{t('needs.unknown', unknown().join(', '))}</p>
      </Show>
    </section>
  );
};
