import { useNavigate } from '@solidjs/router';
import { createMemo, Show } from 'solid-js';
import { useQuery } from '../../api/use-query.ts';
import type { TimeRange } from '../../charts/series.ts';
import { TimeChart } from '../../charts/TimeChart.tsx';
import { Fetched } from '../../components/Fetched.tsx';
import { NO_FILTER, runsSearch } from '../../url/runs-filter.ts';
import { seriesOf } from '../runs/histogram-series.ts';
import { histogramQuery } from '../runs/queries.ts';
import { t } from './words.ts';

const HEIGHT = 140;
const DAY = runsSearch({ ...NO_FILTER, since: '24h' });

/** The runs of the last day by outcome, hour by hour; choosing a time in it leads to the list of just those. */
export const Outcomes = () => {
  const navigate = useNavigate();
  const hours = useQuery(() => histogramQuery(`${DAY}&buckets=24`));
  const choose = (range: TimeRange | null) => {
    if (range === null) return;
    const [since, until] = [range.from, range.to].map((at) => new Date(at).toISOString());
    navigate(`/runs?${runsSearch({ ...NO_FILTER, since: since ?? '', until: until ?? '' })}`);
  };
  return (
    <section aria-labelledby="outcomes" class="min-w-0">
      <h2 id="outcomes" class="mb-2 text-section font-semibold">
        {t('overview.outcomes')}
      </h2>
      <Fetched query={hours} skeleton="h-46 md:h-42">
        {(found) => {
          const drawn = createMemo(() => seriesOf(found()));
          return (
            <Show when={found().items.length > 0} fallback={<p class="h-46 text-muted md:h-42">{t('overview.no_runs')}</p>}>
              <TimeChart
                label={t('overview.outcomes')}
                times={drawn().times}
                step={found().ms}
                series={drawn().series}
                kind="bars"
                height={HEIGHT}
                range={null}
                choose={choose}
              />
            </Show>
          );
        }}
      </Fetched>
    </section>
  );
};
