import { useNavigate } from '@solidjs/router';
import { useQueryClient } from '@tanstack/solid-query';
import { createSignal, For } from 'solid-js';
import { send } from '../../api/client.ts';
import { jobsQuery } from '../../api/queries.ts';
import { useQuery } from '../../api/use-query.ts';
import type { JobView } from '../../api/views.ts';
import { templatesQuery } from '../../builder/queries.ts';
import type { TemplateView } from '../../builder/views.ts';
import { ActionButton } from '../../components/ActionButton.tsx';
import { Confirm } from '../../components/Confirm.tsx';
import { Empty } from '../../components/Empty.tsx';
import { Fetched, isLoaded } from '../../components/Fetched.tsx';
import { Field } from '../../components/Field.tsx';
import { toast } from '../../components/Toasts.tsx';
import { Page } from '../../frame/Page.tsx';
import { useSession } from '../../session/session.tsx';
import { t as common } from '../../words.ts';
import { freeName, renamed } from './renamed.ts';
import { t } from './words.ts';

/** Jobs to begin from: each becomes a job of one's own by a click. */
export const TemplatesPage = () => {
  const session = useSession();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const templates = useQuery(() => templatesQuery());
  const jobs = useQuery(() => jobsQuery());
  const [asked, ask] = createSignal<TemplateView | null>(null);
  const [name, setName] = createSignal('');
  const lacks = () => (session.may('job:edit') ? undefined : 'job:edit');
  const begin = (template: TemplateView) => {
    setName(freeName(template.name, isLoaded(jobs) ? (jobs.data ?? []).map((job) => job.name) : []));
    ask(template);
  };
  const make = async (key: string) => {
    const job = await send<JobView>('POST', '/jobs', { source: renamed(asked()?.source ?? '', name()) }, key);
    void queries.invalidateQueries({ queryKey: ['jobs'] });
    toast({ says: t('templates.made', job.name) });
    navigate(`/jobs/${encodeURIComponent(job.name)}/run`);
  };
  return (
    <Page title={t('templates.title')} trail={[{ word: common('nav.jobs'), href: '/jobs' }]}>
      <div class="mt-4">
        <Fetched query={templates} skeleton="h-96" isEmpty={(all) => all.length === 0} empty={<Empty says={t('templates.none')} />}>
          {(all) => (
            <ul class="flex max-w-column flex-col">
              <For each={all()}>
                {(template) => (
                  <li class="flex flex-col gap-2 border-b border-hairline py-3">
                    <div class="flex items-start gap-4">
                      <div class="min-w-0 flex-1">
                        <h2 class="font-semibold">{template.title}</h2>
                        <p class="text-muted">{template.description}</p>
                      </div>
                      <ActionButton
                        words={t('templates.use')}
                        hint={t('templates.use_of', template.title)}
                        lacks={lacks()}
                        run={() => begin(template)}
                      />
                    </div>
                    <details>
                      <summary class="link w-fit">{t('templates.source')}</summary>
                      <pre class="mt-2 overflow-x-auto rounded-control bg-log p-3 font-mono text-table">{template.source}</pre>
                    </details>
                  </li>
                )}
              </For>
            </ul>
          )}
        </Fetched>
      </div>
      <Confirm
        open={asked() !== null}
        title={t('templates.use_of', asked()?.title ?? '')}
        keep={t('templates.leave')}
        act={t('templates.make')}
        look="main"
        fieldsFirst
        lacks={lacks()}
        close={() => ask(null)}
        run={make}
      >
        {(problems) => (
          <Field label={t('templates.name')} error={problems().find(({ pointer }) => pointer === '/name')?.message}>
            {(ties) => (
              <input
                {...ties()}
                class="input"
                data-focus-first
                value={name()}
                maxlength={100}
                onInput={(event) => setName(event.currentTarget.value)}
              />
            )}
          </Field>
        )}
      </Confirm>
    </Page>
  );
};
