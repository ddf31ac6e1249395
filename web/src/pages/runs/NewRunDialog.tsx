import { useNavigate } from '@solidjs/router';
import { keepPreviousData, useQueryClient } from '@tanstack/solid-query';
import { createSignal, For, Show } from 'solid-js';
import { jobsFoundQuery } from '../../api/queries.ts';
import { useQuery } from '../../api/use-query.ts';
import { Dialog } from '../../components/Dialog.tsx';
import { Fetched } from '../../components/Fetched.tsx';
import { useDelayed } from '../../time/delayed.ts';
import { Line } from './RunParts.tsx';
import { t } from './words.ts';

const SHOWN = 12;
const TYPED_MS = 150;

/** Chooses the job of a new run by a part of its name, which the server looks for among all, and goes on to its form. */
export const NewRunDialog = (props: { close: () => void }) => {
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [typed, setTyped] = createSignal('');
  const asked = useDelayed(() => typed().trim(), TYPED_MS);
  const query = useQuery(() => ({ ...jobsFoundQuery(asked(), SHOWN), placeholderData: keepPreviousData }));
  const go = (name: string) => {
    props.close();
    navigate(`/jobs/${encodeURIComponent(name)}/run`);
  };
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    // Whoever is faster than the list means what is typed, not what is still shown.
    const found = await queries.fetchQuery(jobsFoundQuery(typed().trim(), SHOWN)).catch(() => null);
    const first = found?.items.find(({ active }) => active);
    if (first) go(first.name);
  };
  return (
    <Dialog open title={t('start.title')} close={props.close}>
      <form class="mt-4 flex flex-col gap-2" onSubmit={submit}>
        <input
          type="search"
          class="input"
          data-focus-first=""
          aria-label={t('start.find')}
          placeholder={t('start.find')}
          maxlength={100}
          autocomplete="off"
          value={typed()}
          onInput={(event) => setTyped(event.currentTarget.value)}
        />
        <Fetched
          query={query}
          skeleton="h-96"
          isEmpty={({ items }) => items.length === 0}
          empty={<p class="py-2 text-muted">{t('start.none')}</p>}
        >
          {(found) => (
            <ul class="min-h-96">
              <For each={found().items}>
                {(job) => (
                  <li>
                    <button
                      type="button"
                      class={`flex min-h-8 w-full items-center gap-3 rounded-control px-2 text-left hover:bg-bg2 ${job.active ? '' : 'text-muted'}`}
                      aria-disabled={job.active ? undefined : 'true'}
                      onClick={() => job.active && go(job.name)}
                    >
                      <span class="min-w-0 truncate font-semibold">
                        <Line text={job.name} />
                      </span>
                      <span class="w-0 grow truncate text-muted">
                        <Line text={job.description} />
                      </span>
                      <Show when={!job.active}>
                        <span class="text-meta">{t('start.off')}</span>
                      </Show>
                    </button>
                  </li>
                )}
              </For>
              <Show when={found().next !== null}>
                <li class="px-2 py-1 text-meta text-muted">{t('start.more')}</li>
              </Show>
            </ul>
          )}
        </Fetched>
      </form>
    </Dialog>
  );
};
