import { useQueryClient } from '@tanstack/solid-query';
import { createSignal, Show } from 'solid-js';
import { send } from '../../../api/client.ts';
import { keyOfContent } from '../../../api/key-of.ts';
import { ApiProblem } from '../../../api/problem.ts';
import { Checkbox } from '../../../components/Checkbox.tsx';
import { Confirm } from '../../../components/Confirm.tsx';
import { TextField } from '../../../components/TextField.tsx';
import { toast } from '../../../components/Toasts.tsx';
import { useSession } from '../../../session/session.tsx';
import { t as common } from '../../../words.ts';
import { viewsQuery } from '../queries.ts';
import type { SavedView } from '../views.ts';
import { t } from '../words.ts';

interface ViewDialogProps {
  /** The view that is changed; absent: a new one. */
  readonly view?: SavedView | undefined;
  /** The query string of the page as it is. */
  readonly search: string;
  readonly close: () => void;
}

/** Keeps the list as it is shown under a name, or changes and deletes what was kept; where someone was faster both are shown. */
export const ViewDialog = (props: ViewDialogProps) => {
  const queries = useQueryClient();
  const session = useSession();
  const [name, setName] = createSignal(props.view?.name ?? '');
  const [shared, setShared] = createSignal(props.view?.shared ?? false);
  const [isDefault, setIsDefault] = createSignal(props.view?.is_default ?? false);
  const [retake, setRetake] = createSignal(false);
  const [theirs, setTheirs] = createSignal<SavedView | null>(null);
  // What an earlier try has kept; the next one goes on from there.
  const [kept, setKept] = createSignal(props.view);
  const [deleting, setDeleting] = createSignal(false);
  const keyOf = keyOfContent();
  const isMine = () => !props.view || props.view.owner === session.me()?.user.name || session.may('user:edit');
  const mayShare = () => session.may('run:start');
  /** What is to be otherwise than it is kept. */
  const changed = (known: SavedView) => ({
    ...(name().trim() === known.name ? {} : { name: name().trim() }),
    ...(shared() === known.shared ? {} : { shared: shared() }),
    ...((props.view && !retake()) || props.search === known.search ? {} : { search: props.search }),
  });

  const readAgain = async () => {
    await queries.invalidateQueries({ queryKey: viewsQuery().queryKey });
    return queries.getQueryData<readonly SavedView[]>(viewsQuery().queryKey)?.find(({ id }) => id === props.view?.id) ?? null;
  };
  const save = async (): Promise<SavedView> => {
    const view = theirs() ?? kept();
    if (!view) {
      const content = { list: 'runs', name: name().trim(), shared: shared(), search: props.search };
      return send<SavedView>('POST', '/views', content, keyOf(JSON.stringify(content)));
    }
    const change = changed(view);
    if (!isMine() || Object.keys(change).length === 0) return view;
    try {
      const key = keyOf(JSON.stringify([view.version, change]));
      return await send<SavedView>('PATCH', `/views/${view.id}`, change, key, { ifMatch: `"${view.version}"` });
    } catch (problem) {
      if (problem instanceof ApiProblem && problem.status === 412) setTheirs(await readAgain());
      throw problem;
    }
  };
  const run = async () => {
    const saved = await save();
    setKept(saved);
    setTheirs(null);
    if (isDefault() !== (props.view?.is_default ?? false))
      await send('PUT', '/views/default', { list: 'runs', view: isDefault() ? saved.id : null });
    toast({ says: t('views.saved', saved.name) });
    await readAgain();
  };
  const takeTheirs = () => {
    const now = theirs();
    if (!now) return;
    setName(now.name);
    setShared(now.shared);
  };
  const remove = async (key: string) => {
    const { view } = props;
    if (!view) return;
    await send('DELETE', `/views/${view.id}`, undefined, key);
    toast({ says: t('views.deleted', view.name) });
    await readAgain();
    props.close();
  };
  return (
    <Show
      when={!deleting()}
      fallback={
        <Confirm
          open
          title={t('views.delete_title', props.view?.name ?? '')}
          effect={props.view?.shared ? t('views.delete_shared') : t('views.delete_effect')}
          keep={t('views.keep')}
          act={t('views.delete')}
          close={() => setDeleting(false)}
          run={remove}
        />
      }
    >
      <Confirm
        open
        look="main"
        fieldsFirst
        title={props.view ? t('views.change_title', props.view.name) : t('views.save_title')}
        keep={t('views.keep')}
        act={t('views.save')}
        close={props.close}
        run={run}
      >
        {() => (
          <>
            <TextField label={t('views.name')} maxlength={80} disabled={!isMine()} focusFirst value={name()} change={setName} />
            <Show when={isMine()}>
              <Show when={mayShare()} fallback={<p class="text-muted">{common('denied.control', 'run:start')}</p>}>
                <Checkbox label={t('views.share')} checked={shared()} change={setShared} />
              </Show>
            </Show>
            <Checkbox label={t('views.default')} checked={isDefault()} change={setIsDefault} />
            <Show when={props.view && isMine()}>
              <Checkbox label={t('views.retake')} checked={retake()} change={setRetake} />
            </Show>
            <Show when={theirs()}>
              {(now) => (
                <div class="rounded-control bg-warning p-3" role="alert">
                  <p class="font-semibold">{t('views.conflict')}</p>
                  <dl class="mt-1 grid grid-cols-[auto_1fr] gap-x-3 break-words">
                    <dt class="text-muted">{t('views.conflict_theirs')}</dt>
                    <dd>
                      {now().name} · {now().search}
                    </dd>
                    <dt class="text-muted">{t('views.conflict_mine')}</dt>
                    <dd>
                      {name()} · {retake() ? props.search : (props.view?.search ?? '')}
                    </dd>
                  </dl>
                  <button type="button" class="button mt-2" onClick={takeTheirs}>
                    {t('views.take_theirs')}
                  </button>
                </div>
              )}
            </Show>
            <Show when={props.view && isMine()}>
              <button type="button" class="button button-danger self-start" onClick={() => setDeleting(true)}>
                {t('views.delete')}
              </button>
            </Show>
          </>
        )}
      </Confirm>
    </Show>
  );
};
