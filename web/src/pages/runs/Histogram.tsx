import { keepPreviousData } from '@tanstack/solid-query';
import { Match, Switch } from 'solid-js';
import { useQuery } from '../../api/use-query.ts';
import type { TimeRange } from '../../charts/series.ts';
import { TimeChart } from '../../charts/TimeChart.tsx';
import { isLoaded } from '../../components/Fetched.tsx';
import { type RunsFilter, runsSearch } from '../../url/runs-filter.ts';
import { chipWords } from './filter/chip-words.ts';
import { seriesOf } from './histogram-series.ts';
import { histogramQuery, isTooSlow } from './queries.ts';
import { t } from './words.ts';

/** What is drawn while no time is chosen. */
const USUAL_SINCE = '7d';
const HEIGHT = 72;

interface HistogramProps {
  readonly filter: RunsFilter;
  readonly change: (part: Partial<RunsFilter>) => void;
}

const WEEK_MS = 7 * 86_400_000;

/** The runs of the filter over time, by outcome, and whether ended ones stand where they ended; dragging over it, or arrow keys with Shift, chooses when runs were accepted, and Escape any time. Its place is kept. */
export const Histogram = (props: HistogramProps) => {
  const isTimed = () => props.filter.since !== '' || props.filter.until !== '';
  const asked = (): RunsFilter => {
    const { since, until } = props.filter;
    if (since !== '') return props.filter;
    return { ...props.filter, since: until === '' ? USUAL_SINCE : new Date(Date.parse(until) - WEEK_MS).toISOString() };
  };
  const query = useQuery(() => ({ ...histogramQuery(runsSearch(asked())), placeholderData: keepPreviousData }));
  const span = () => chipWords('time', props.filter) || t('histogram.week');
  const choose = (range: TimeRange | null) =>
    props.change(
      range === null ? { since: '', until: '' } : { since: new Date(range.from).toISOString(), until: new Date(range.to).toISOString() },
    );
  const isByEnd = () => isLoaded(query) && query.data?.counted_by === 'ended' && query.data.items.length > 0;
  const drawn = () => (isLoaded(query) && query.data ? seriesOf(query.data) : undefined);
  return (
    <div class="pb-2" aria-busy={isLoaded(query) || query.error ? undefined : 'true'}>
      <Switch>
        <Match when={drawn()}>
          {(data) => (
            <TimeChart
              label={t('histogram.label', span())}
              times={data().times}
              step={query.data?.ms ?? 1}
              series={data().series}
              kind="bars"
              height={HEIGHT}
              note={isByEnd() ? t('histogram.by_end') : undefined}
              choose={choose}
              isChosen={isTimed()}
            />
          )}
        </Match>
        <Match when={query.error}>
          {(error) => <p class="py-2 text-meta text-muted">{isTooSlow(error()) ? t('histogram.too_slow') : t('histogram.failed')}</p>}
        </Match>
      </Switch>
    </div>
  );
};
