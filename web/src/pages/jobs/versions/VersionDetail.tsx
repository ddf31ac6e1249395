import { A } from '@solidjs/router';
import { createSignal, For, Show } from 'solid-js';
import { useQuery } from '../../../api/use-query.ts';
import { ActionButton } from '../../../components/ActionButton.tsx';
import { Fetched } from '../../../components/Fetched.tsx';
import { HunksView } from '../../../diff/HunksView.tsx';
import { useSession } from '../../../session/session.tsx';
import { DefinitionView } from '../DefinitionView.tsx';
import { hrefOfJob } from '../list/columns.tsx';
import { diffQuery, jobAtQuery } from '../queries.ts';
import type { JobNow, VersionRow } from '../views.ts';
import { t } from '../words.ts';
import { Changes } from './Changes.tsx';
import { RestoreVersion } from './RestoreVersion.tsx';
import { SHOWN, type VersionsState } from './state.ts';
import { TagVersion } from './TagVersion.tsx';

interface DetailProps {
  readonly job: JobNow;
  readonly versions: readonly VersionRow[];
  readonly version: number;
  readonly against: number | null;
  readonly show: VersionsState['show'];
  readonly change: (part: Partial<VersionsState>) => void;
}

/** One version: what it changed against another, its text, and what can be done with it. */
export const VersionDetail = (props: DetailProps) => {
  const session = useSession();
  const [asked, setAsked] = createSignal<'restore' | 'tag'>();
  const lacks = () => (session.may('job:edit') ? undefined : 'job:edit');
  const isCurrent = () => props.version === props.job.current_version;
  const others = () => comparable(props.versions, props.version, props.against);
  const close = () => setAsked(undefined);
  return (
    <section class="min-w-0 flex-1" aria-label={t('job.version', props.version)}>
      <div class="flex flex-wrap items-center gap-2">
        <fieldset class="flex">
          <legend class="sr-only">{t('versions.text')}</legend>
          <For each={SHOWN}>
            {(one) => (
              <button
                type="button"
                class={`button font-normal first-of-type:rounded-r-none last-of-type:-ml-px last-of-type:rounded-l-none ${props.show === one ? 'bg-selected' : ''}`}
                aria-pressed={props.show === one}
                onClick={() => props.change({ show: one })}
              >
                {t(`versions.${one}`)}
              </button>
            )}
          </For>
        </fieldset>
        <Show when={props.show === 'difference' && props.against !== null}>
          <label class="flex items-center gap-2 text-muted">
            {t('versions.against')}
            <select class="input w-auto" onChange={(event) => props.change({ against: Number(event.currentTarget.value) })}>
              <For each={others()}>
                {({ version }) => (
                  <option value={version} selected={version === props.against}>
                    {t('versions.against_option', version)}
                  </option>
                )}
              </For>
            </select>
            <Show when={others().length < props.versions.length - 1}>
              <span class="text-meta">{t('versions.nearest', others().length)}</span>
            </Show>
          </label>
        </Show>
        <span class="flex flex-wrap gap-2 md:ml-auto">
          <A class="button" href={hrefOfJob(props.job.name, `run${isCurrent() ? '' : `?version=${props.version}`}`)}>
            {t('versions.run', props.version)}
          </A>
          <ActionButton words={t('versions.tag')} lacks={lacks()} run={() => setAsked('tag')} />
          <ActionButton
            words={t('versions.restore', props.job.current_version + 1)}
            lacks={lacks()}
            barred={isCurrent() ? t('versions.is_current') : undefined}
            run={() => setAsked('restore')}
          />
        </span>
      </div>
      <div class="mt-4">
        <Show when={props.show === 'difference'} fallback={<Whole job={props.job.name} version={props.version} />}>
          <Show when={props.against} fallback={<First job={props.job.name} version={props.version} />}>
            {(against) => <Difference job={props.job.name} from={against()} to={props.version} />}
          </Show>
        </Show>
      </div>
      <RestoreVersion job={props.job} version={props.version} open={asked() === 'restore'} close={close} lacks={lacks()} />
      <TagVersion
        job={props.job.name}
        versions={props.versions}
        version={props.version}
        open={asked() === 'tag'}
        close={close}
        lacks={lacks()}
      />
    </section>
  );
};

/** Versions that a list to choose from offers on either side of the one that is looked at. */
const NEAR = 100;

/** The versions around this one, without it, and the one it is compared with wherever that stands. */
export const comparable = (versions: readonly VersionRow[], version: number, against: number | null): readonly VersionRow[] => {
  const at = versions.findIndex((one) => one.version === version);
  return versions.filter((one, index) => one.version !== version && (Math.abs(index - at) <= NEAR || one.version === against));
};

const Whole = (props: { job: string; version: number }) => {
  const job = useQuery(() => jobAtQuery(props.job, props.version));
  return (
    <Fetched query={job} skeleton="h-64">
      {(found) => <DefinitionView job={found()} />}
    </Fetched>
  );
};

const First = (props: { job: string; version: number }) => (
  <>
    <p class="mb-4 text-muted">{t('versions.none_before')}</p>
    <Whole job={props.job} version={props.version} />
  </>
);

const Difference = (props: { job: string; from: number; to: number }) => {
  const diff = useQuery(() => ({ ...diffQuery(props.job, props.from, props.to), staleTime: 60_000 }));
  return (
    <Fetched query={diff} skeleton="h-64">
      {(found) => (
        <>
          <h2 class="mb-2 text-section font-semibold">{t('versions.changes', props.from, props.to)}</h2>
          <Changes diff={found().definition} isSameText={found().text.length === 0} />
          <Show when={found().text.length > 0}>
            <h2 class="mt-6 text-section font-semibold">{t('versions.text')}</h2>
            <HunksView hunks={found().text} before={t('job.version', props.from)} after={t('job.version', props.to)} />
          </Show>
        </>
      )}
    </Fetched>
  );
};
