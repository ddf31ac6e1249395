import { A, useParams } from '@solidjs/router';
import { createMemo, createSignal, For, Show } from 'solid-js';
import { useQuery } from '../api/use-query.ts';
import { Banner } from '../components/Banner.tsx';
import { Fetched } from '../components/Fetched.tsx';
import { Page } from '../frame/Page.tsx';
import { useSearchState } from '../url/use-search-state.ts';
import { Builder, type Head } from './Builder.tsx';
import { keepingOf } from './draft/kept.ts';
import { sourceQuery, stepTypesQuery, templatesQuery } from './queries.ts';
import { SEARCH } from './url.ts';
import type { TemplateView } from './views.ts';
import { t } from './words.ts';

const JOBS = { word: t('builder.jobs'), href: '/jobs' };

/** The builder on a job there is. */
export const EditJobPage = () => {
  const params = useParams<{ name: string }>();
  return (
    <Show when={params.name} keyed>
      {(name) => <EditJob name={name} />}
    </Show>
  );
};

const EditJob = (props: { name: string }) => {
  const source = useQuery(() => sourceQuery(props.name));
  const types = useQuery(stepTypesQuery);
  const [head, setHead] = createSignal<Head | null>(null);
  return (
    <Page
      title={t('builder.edit', props.name)}
      trail={[JOBS, { word: props.name, href: `/jobs/${encodeURIComponent(props.name)}` }]}
      filled
      state={head()?.state()}
      actions={head()?.actions()}
    >
      <Fetched query={types} skeleton="mt-6 h-96">
        {(known) => (
          <Fetched query={source} skeleton="mt-6 h-96">
            {(job) => (
              <Builder
                name={props.name}
                base={{ text: job().value.source, tag: job().tag, version: job().value.version }}
                keeping={keepingOf(props.name)}
                types={known()}
                head={setHead}
              />
            )}
          </Fetched>
        )}
      </Fetched>
    </Page>
  );
};

const BLANK: TemplateView = {
  name: 'blank',
  title: t('new.blank'),
  description: t('new.blank_says'),
  source: `name: new-job
steps:
`,
};

/** Each beginning has a draft of its own, so that none is written over by another. */
const placeOf = (template: TemplateView): string => `+new.${template.name}`;

/** The builder on a job that is to be: from a template, from nothing, or from what was begun before. */
export const NewJobPage = () => {
  const search = useSearchState(SEARCH);
  const types = useQuery(stepTypesQuery);
  const templates = useQuery(templatesQuery);
  const [head, setHead] = createSignal<Head | null>(null);
  const wanted = () => search.value().template ?? '';
  return (
    <Page title={t('builder.new')} trail={[JOBS]} filled={head() !== null} state={head()?.state()} actions={head()?.actions()}>
      <Fetched query={types} skeleton="mt-6 h-96">
        {(known) => (
          <Fetched query={templates} skeleton="mt-6 h-96">
            {(items) => {
              const chosen = createMemo(() => [BLANK, ...items()].find(({ name }) => name === wanted()));
              return (
                <Show when={chosen()} keyed fallback={<Templates items={[BLANK, ...items()]} unknown={wanted()} />}>
                  {(template) => (
                    <Builder
                      name={null}
                      base={{ text: template.source, tag: null, version: 0 }}
                      keeping={keepingOf(placeOf(template))}
                      types={known()}
                      head={setHead}
                    />
                  )}
                </Show>
              );
            }}
          </Fetched>
        )}
      </Fetched>
    </Page>
  );
};

interface TemplatesProps {
  readonly items: readonly TemplateView[];
  /** A template that was asked for and is not there. */
  readonly unknown: string;
}

const Templates = (props: TemplatesProps) => (
  <>
    <Show when={props.unknown}>
      <div class="mt-4">
        <Banner tone="warning">{t('new.unknown', props.unknown)}</Banner>
      </div>
    </Show>
    <h2 class="mt-6 text-section font-semibold">{t('new.templates')}</h2>
    <ul class="mt-3 grid grid-cols-[repeat(auto-fill,minmax(280px,1fr))] gap-3">
      <For each={props.items}>
        {(template) => (
          <li>
            <A
              href={`/jobs/new?template=${encodeURIComponent(template.name)}`}
              class="flex h-full flex-col gap-1 rounded-control border border-hairline p-4 hover:bg-bg2"
            >
              <span class="font-semibold">{template.title}</span>
              <span class="text-muted">{template.description}</span>
              <Show when={keepingOf(placeOf(template)).read()}>
                <span class="mt-auto pt-2 text-meta font-semibold">{t('new.begun')}</span>
              </Show>
            </A>
          </li>
        )}
      </For>
    </ul>
  </>
);
