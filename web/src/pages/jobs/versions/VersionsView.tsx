import { A } from '@solidjs/router';
import { createMemo, createSignal, For, Show } from 'solid-js';
import { useQuery } from '../../../api/use-query.ts';
import { Banner } from '../../../components/Banner.tsx';
import { Fetched } from '../../../components/Fetched.tsx';
import { Timestamp } from '../../../components/Timestamp.tsx';
import { visible } from '../../../components/visible.ts';
import { useSearchState } from '../../../url/use-search-state.ts';
import { versionsQuery } from '../queries.ts';
import type { JobNow, VersionRow } from '../views.ts';
import { t } from '../words.ts';
import { versionsState } from './state.ts';
import { VersionDetail } from './VersionDetail.tsx';
import { VersionTags } from './VersionTags.tsx';

/** Rows drawn at first, and with each wish for more. */
const STEP = 200;

/** Every version of a job, and what the chosen one changed. */
export const VersionsView = (props: { job: JobNow }) => {
  const versions = useQuery(() => versionsQuery(props.job.name));
  return (
    <Fetched query={versions} skeleton="h-64">
      {(found) => <Versions job={props.job} versions={found().items} />}
    </Fetched>
  );
};

const Versions = (props: { job: JobNow; versions: readonly VersionRow[] }) => {
  const state = useSearchState(versionsState);
  const numbers = createMemo(() => new Set(props.versions.map(({ version }) => version)));
  const known = (version: number | null) => (version !== null && numbers().has(version) ? version : null);
  const chosen = () => known(state.value().version) ?? props.versions[0]?.version ?? props.job.current_version;
  const [shown, setShown] = createSignal(STEP);
  // The chosen one is among them, however old it is.
  const listed = () => Math.max(shown(), props.versions.findIndex(({ version }) => version === chosen()) + 1);
  const before = () => props.versions.find(({ version }) => version < chosen())?.version ?? null;
  const against = () => known(state.value().against) ?? before();
  const dropped = () => [
    ...state.dropped(),
    ...(['version', 'against'] as const).flatMap((name) => {
      const version = state.value()[name];
      return version !== null && known(version) === null ? [`${name}=${version}`] : [];
    }),
  ];
  return (
    <>
      <Show when={dropped().length > 0}>
        <div class="-mx-4 -mt-4 mb-4 md:-mx-6">
          <Banner tone="warning">
            <span class="min-w-0 flex-1 break-words">{t('versions.dropped', dropped().join(', '))}</span>
          </Banner>
        </div>
      </Show>
      <div class="flex gap-6 max-lg:flex-col">
        <nav class="w-80 shrink-0 max-lg:max-h-64 max-lg:w-full max-lg:overflow-y-auto" aria-label={t('versions.list')}>
          <ol class="flex flex-col border-t border-hairline">
            <For each={props.versions.slice(0, listed())}>
              {(row) => (
                <li class={`relative border-b border-hairline px-3 py-2 ${row.version === chosen() ? 'bg-selected' : 'hover:bg-bg1'}`}>
                  <div class="flex items-baseline gap-2">
                    <A
                      class="font-semibold after:absolute after:inset-0"
                      href={state.href({ version: row.version, against: null })}
                      noScroll
                      aria-current={row.version === chosen() ? 'true' : undefined}
                    >
                      {t('job.version', row.version)}
                    </A>
                    <Show when={row.version === props.job.current_version}>
                      <span class="text-meta text-muted">{t('versions.current')}</span>
                    </Show>
                    <span class="ml-auto truncate text-meta text-muted">
                      {row.author} · <Timestamp at={row.created_at} />
                    </span>
                  </div>
                  <Show when={row.message}>
                    {(message) => <p class="line-clamp-2 break-words text-table text-muted">{visible(message())}</p>}
                  </Show>
                  <VersionTags job={props.job.name} version={row} />
                </li>
              )}
            </For>
          </ol>
          <Show when={props.versions.length > listed()}>
            <button type="button" class="button mt-3" onClick={() => setShown(listed() + STEP)}>
              {t('versions.more', props.versions.length - listed())}
            </button>
          </Show>
        </nav>
        <VersionDetail
          job={props.job}
          versions={props.versions}
          version={chosen()}
          against={against()}
          show={state.value().show}
          change={(part) => state.change(part)}
        />
      </div>
    </>
  );
};
