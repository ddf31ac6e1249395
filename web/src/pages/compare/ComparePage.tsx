import { useQueryClient } from '@tanstack/solid-query';
import ArrowLeftRight from 'lucide-solid/icons/arrow-left-right';
import { type ParentProps, Show } from 'solid-js';
import { runQuery } from '../../api/queries.ts';
import { useQuery } from '../../api/use-query.ts';
import { Banner } from '../../components/Banner.tsx';
import { Checkbox } from '../../components/Checkbox.tsx';
import { Empty } from '../../components/Empty.tsx';
import { Fetched } from '../../components/Fetched.tsx';
import { IconButton } from '../../components/IconButton.tsx';
import { Page } from '../../frame/Page.tsx';
import { atMostEvery } from '../../live/at-most-every.ts';
import { useTopic } from '../../live/Live.tsx';
import { useSearchState } from '../../url/use-search-state.ts';
import { t as shared } from '../../words.ts';
import { Changes } from './Changes.tsx';
import { compareState, LAST_SUCCESS, pairOf } from './compare-state.ts';
import { DefinitionFacts } from './DefinitionFacts.tsx';
import { LogsCompared } from './LogsCompared.tsx';
import { comparisonQuery } from './queries.ts';
import { RunFacts } from './RunFacts.tsx';
import { RunPicker } from './RunPicker.tsx';
import { StepsCompared } from './StepsCompared.tsx';
import { t } from './words.ts';

/** Two runs that go on are compared anew this often. */
const NEWS_MS = 3_000;

/** Two runs beside each other, of any jobs: parameters, version, steps, outputs and logs; only what differs, until all is asked for. */
export const ComparePage = () => {
  const search = useSearchState(compareState);
  const pair = () => pairOf(search.value());
  const found = useQuery(() => ({ ...comparisonQuery(pair()?.a ?? '', pair()?.b ?? ''), enabled: pair() !== null }));
  // What becomes of either is told anew, as long as one of them goes on.
  const queries = useQueryClient();
  const readAgain = atMostEvery(NEWS_MS, () => void queries.invalidateQueries({ queryKey: ['comparison'] }));
  const known = () => (pair() === null ? undefined : found.data);
  const one = useQuery(() => ({ ...runQuery(search.value().a), enabled: search.value().a !== '' && known() === undefined, retry: false }));
  const first = () => known()?.a ?? one.data;
  const isLastSuccess = () => search.value().b === LAST_SUCCESS;
  const whyNotLast = () => {
    if (isLastSuccess()) return t('compare.is_last_success');
    return search.value().a === '' ? t('compare.no_first') : undefined;
  };

  return (
    <Page title={t('compare.title')} trail={[{ word: shared('runs.title'), href: '/runs' }]}>
      <Show when={search.dropped().length > 0}>
        <div class="-mx-4 mt-4 md:-mx-6">
          <Banner tone="info">{t('compare.dropped', search.dropped().join(', '))}</Banner>
        </div>
      </Show>
      <div class="mt-4 grid max-w-240 items-start gap-4 md:grid-cols-[minmax(0,1fr)_auto_minmax(0,1fr)_auto]">
        <RunPicker
          label={t('compare.first')}
          value={search.value().a}
          known={first()}
          job={known()?.b.job}
          choose={(a) => search.change({ a, log: '', log_b: '' })}
        />
        <IconButton
          class="md:mt-6"
          label={t('compare.swap')}
          off={known() === undefined && t('compare.no_two')}
          press={() =>
            search.change({ a: known()?.b.id ?? '', b: known()?.a.id ?? '', log: search.value().log_b, log_b: search.value().log })
          }
        >
          <ArrowLeftRight size={16} />
        </IconButton>
        <RunPicker
          label={t('compare.second')}
          value={search.value().b}
          known={known()?.b}
          job={first()?.job}
          choose={(b) => search.change({ b, log: '', log_b: '' })}
        />
        <button
          type="button"
          class="button md:mt-6"
          aria-pressed={isLastSuccess()}
          aria-disabled={whyNotLast() ? 'true' : undefined}
          title={whyNotLast()}
          onClick={() => whyNotLast() || search.change({ b: LAST_SUCCESS, log: '', log_b: '' })}
        >
          {t('compare.last_success')}
        </button>
      </div>
      <Show when={pair() !== null} fallback={<Empty says={t('compare.choose')} />}>
        <Fetched query={found} skeleton="h-96">
          {(told) => (
            <>
              <Watched run={told().a.id} news={readAgain} />
              <Watched run={told().b.id} news={readAgain} />
              <Section title={t('compare.facts')}>
                <RunFacts found={told()} />
              </Section>
              <Section title={t('compare.definition')}>
                <DefinitionFacts found={told()} />
              </Section>
              <Section title={t('compare.parameters')}>
                <Show when={told().parameters.length > 0} fallback={<p class="text-muted">{t('compare.parameters_same')}</p>}>
                  <Changes label={t('compare.parameters')} changes={told().parameters} />
                </Show>
              </Section>
              <Section title={t('compare.steps')}>
                <div class="mb-2 flex flex-wrap items-center gap-x-4">
                  <Checkbox
                    label={t('compare.differences_only')}
                    checked={!search.value().all}
                    change={(only) => search.change({ all: !only })}
                  />
                  <span class="text-muted">{t('compare.equal', told().equal_steps.length)}</span>
                </div>
                <StepsCompared found={told()} all={search.value().all} />
              </Section>
              <Section title={t('compare.log')}>
                <LogsCompared found={told()} a={search.value().log} b={search.value().log_b} choose={(part) => search.change(part)} />
              </Section>
            </>
          )}
        </Fetched>
      </Show>
    </Page>
  );
};

const Watched = (props: { run: string; news: () => void }) => {
  useTopic(
    () => `run:${props.run}`,
    () => props.news(),
  );
  return null;
};

const Section = (props: ParentProps<{ title: string }>) => (
  <section class="mt-8 min-w-0">
    <h2 class="mb-2 text-section font-semibold">{props.title}</h2>
    {props.children}
  </section>
);
