import { keepPreviousData, useQueryClient } from '@tanstack/solid-query';
import { createSignal, For, Match, Show, Switch } from 'solid-js';
import { useQuery } from '../../api/use-query.ts';
import type { ListedTarget } from '../../api/views.ts';
import { Confirm } from '../../components/Confirm.tsx';
import { isLoaded } from '../../components/Fetched.tsx';
import { TextField } from '../../components/TextField.tsx';
import { toast } from '../../components/Toasts.tsx';
import { useSession } from '../../session/session.tsx';
import { useDelayed } from '../../time/delayed.ts';
import { NamesLeft } from './NamesLeft.tsx';
import { changePreviewQuery, changeTargets, type TargetsChange } from './queries.ts';
import type { ChangedTargets } from './views.ts';
import { t } from './words.ts';

/** What can be set on many targets. */
export const CHANGES = ['enable', 'disable', 'tag', 'untag'] as const;
export type ChangeName = (typeof CHANGES)[number];

const REST_MS = 300;

const changeOf = (name: ChangeName, tag: string): TargetsChange => {
  if (name === 'tag') return { add_tag: tag };
  return name === 'untag' ? { remove_tag: tag } : { enabled: name === 'enable' };
};

/** Asks before something is set on many targets: how many it changes, and which it leaves alone and why, as the server sees it now. */
export const ChangeTargets = (props: { change: ChangeName; targets: readonly ListedTarget[]; close: () => void; done: () => void }) => {
  const session = useSession();
  const queries = useQueryClient();
  const { change } = props;
  const names = props.targets.map(({ name }) => name);
  const isTag = change === 'tag' || change === 'untag';
  const known = [...new Set(props.targets.flatMap(({ tags }) => tags))].sort();
  const [tag, setTag] = createSignal(change === 'untag' ? (known[0] ?? '') : '');
  const settled = useDelayed(tag, REST_MS);
  const preview = useQuery(() => ({
    ...changePreviewQuery(names, changeOf(change, settled().trim())),
    enabled: !isTag || settled().trim() !== '',
    placeholderData: keepPreviousData,
  }));
  const isReady = () => !isTag || tag().trim() !== '';
  // An answer to an earlier tag says nothing of this one.
  const seen = () =>
    isReady() && settled() === tag() && isLoaded(preview) && preview.isPlaceholderData !== true ? preview.data : undefined;
  const barred = () => {
    if (!isReady()) return t('change.no_tag');
    const now = seen();
    if (!now) return preview.error?.message ?? t('change.looking');
    return now.changed.length === 0 ? t('change.nothing') : undefined;
  };
  const run = async (key: string) => {
    const { changed } = await changeTargets(names, changeOf(change, tag().trim()), key);
    toast({ says: t(`change.done_${change}`, changed.length) });
    void queries.invalidateQueries({ queryKey: ['targets'] });
    void queries.invalidateQueries({ queryKey: ['target'] });
    props.done();
  };
  return (
    <Confirm
      open
      title={t(`change.title_${change}`, names.length)}
      keep={t('change.keep')}
      act={t(`change.act_${change}`)}
      look="main"
      fieldsFirst={isTag}
      lacks={session.may('target:edit') ? undefined : 'target:edit'}
      barred={barred()}
      close={props.close}
      run={run}
    >
      {(problems) => (
        <>
          <Show when={isTag}>
            <TextField
              label={t('change.tag')}
              error={problems()[0]?.message}
              offers={known}
              maxlength={50}
              focusFirst
              value={tag()}
              change={setTag}
            />
          </Show>
          <div class="min-h-10" aria-live="polite">
            <Switch fallback={<p class="text-muted">{isReady() ? t('change.looking') : ''}</p>}>
              {/* Each answer is drawn by itself: while somebody types there may be none from one moment to the next. */}
              <Match when={seen()} keyed>
                {(now) => <Effect change={change} found={now} />}
              </Match>
              <Match when={isReady() && preview.error} keyed>
                {(error) => <p class="tone-failed text-(--tone)">{error.message}</p>}
              </Match>
            </Switch>
          </div>
        </>
      )}
    </Confirm>
  );
};

const Effect = (props: { change: ChangeName; found: ChangedTargets }) => (
  <>
    <Show when={props.found.changed.length > 0} fallback={<p>{t('change.nothing')}</p>}>
      <p>{t(`change.effect_${props.change}`, props.found.changed.length)}</p>
    </Show>
    <For each={props.found.left_alone}>
      {({ because, targets }) => (
        <NamesLeft names={targets} why={t(because === 'so_already' ? `change.so_${props.change}` : `change.left_${because}`)} />
      )}
    </For>
  </>
);
