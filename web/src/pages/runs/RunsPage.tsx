import { A, useLocation, useNavigate } from '@solidjs/router';
import { Show } from 'solid-js';
import { Banner } from '../../components/Banner.tsx';
import { Page } from '../../frame/Page.tsx';
import { parseRunsFilter, type RunsFilter, runsSearch } from '../../url/runs-filter.ts';
import { t } from '../../words.ts';
import { FilterBar } from './FilterBar.tsx';
import { RunsList } from './RunsList.tsx';

/** All runs, newest first, narrowed by what the URL says. */
export const RunsPage = () => {
  const location = useLocation();
  const navigate = useNavigate();
  const parsed = () => parseRunsFilter(location.search);
  const change = (filter: RunsFilter) => navigate(`/runs?${runsSearch(filter)}`, { scroll: false });
  return (
    <Page
      title={t('runs.title')}
      filled
      actions={
        <A class="button button-main" href="/jobs">
          {t('jobs.run')}
        </A>
      }
    >
      <Show when={parsed().dropped.length > 0}>
        <div class="-mx-4 mt-3 md:-mx-6">
          <Banner tone="warning">
            <span class="min-w-0 flex-1 break-words">{t('runs.dropped', parsed().dropped.join(', '))}</span>
          </Banner>
        </div>
      </Show>
      <FilterBar filter={parsed().filter} change={change} />
      <RunsList filter={parsed().filter} change={change} />
    </Page>
  );
};
