import { createSignal, For, Match, Show, Switch } from 'solid-js';
import type { RunBulkAction } from '#jobs/bulk.ts';
import { send } from '../../../api/client.ts';
import { ApiProblem } from '../../../api/problem.ts';
import { useQuery } from '../../../api/use-query.ts';
import { Confirm } from '../../../components/Confirm.tsx';
import { PlainText } from '../../../components/PlainText.tsx';
import { ReasonField } from '../../../components/ReasonField.tsx';
import { TextField } from '../../../components/TextField.tsx';
import { useSession } from '../../../session/session.tsx';
import { grouped } from '../../../words/counted.ts';
import { type ChosenRuns, previewQuery } from '../queries.ts';
import type { BulkPreview, BulkView } from '../views.ts';
import { LEFT_ALONE_WORDS, t } from '../words.ts';
import { NEEDS } from './actions.ts';

interface BulkDialogProps {
  readonly action: RunBulkAction;
  /** As it stood when the dialog was opened. */
  readonly chosen: ChosenRuns;
  readonly close: () => void;
  readonly started: (bulk: BulkView) => void;
}

/** Asks before something is done to many runs, with what it would do and what it would leave alone; then the server does it. */
export const BulkDialog = (props: BulkDialogProps) => {
  const session = useSession();
  const preview = useQuery(() => previewQuery(props.action, props.chosen));
  const [reason, setReason] = createSignal('');
  const [typed, setTyped] = createSignal('');
  const seen = () => preview.data;
  const count = () => {
    if ('ids' in props.chosen) return t('bulk.runs', props.chosen.ids.length);
    const known = seen();
    return known ? t('bulk.runs', known.total) : t('bulk.all_matching');
  };
  // Only what deletes history asks for more than a click.
  const toType = () => (props.action === 'delete' ? String(seen()?.eligible ?? '') : '');
  const barred = () => {
    const known = seen();
    if (!known) return preview.error?.message ?? t('bulk.looking');
    if (known.too_many) return t('bulk.too_many');
    if (known.eligible === 0) return t('bulk.nothing');
    return toType() !== '' && typed().trim() !== toType() ? t('bulk.typed_not', toType()) : undefined;
  };
  const run = async (key: string) => {
    const known = seen();
    if (!known) return false;
    // What was looked at is what it is done to: nothing that is accepted later, and not more than was said.
    const chosen = 'ids' in props.chosen ? props.chosen : { filter: { until: known.at, ...props.chosen.filter }, most: known.total };
    const sent = { action: props.action, ...chosen, reason: reason().trim() || null };
    try {
      props.started(await send<BulkView>('POST', '/runs/bulk', sent, key));
    } catch (problem) {
      if (problem instanceof ApiProblem && problem.status === 412) {
        setTyped('');
        void preview.refetch();
      }
      throw problem;
    }
    return true;
  };
  return (
    <Confirm
      open
      title={t(`bulk.title_${props.action}`, count())}
      keep={t('bulk.keep')}
      act={t(`bulk.act_${props.action}`, seen()?.eligible ?? ('ids' in props.chosen ? props.chosen.ids.length : 0))}
      look={props.action === 'cancel' || props.action === 'delete' ? 'danger' : 'main'}
      lacks={session.may(NEEDS[props.action]) ? undefined : NEEDS[props.action]}
      barred={barred()}
      close={props.close}
      run={run}
      effect={
        <div class="min-h-10" aria-live="polite">
          <Switch fallback={<p>{t('bulk.looking')}</p>}>
            <Match when={seen()}>{(known) => <Effect action={props.action} preview={known()} />}</Match>
            <Match when={preview.error}>
              {(error) => (
                <p class="tone-failed text-(--tone)">
                  <PlainText text={error().message} />
                </p>
              )}
            </Match>
          </Switch>
        </div>
      }
    >
      {() => (
        <>
          <ReasonField value={reason()} change={setReason} />
          <Show when={toType()}>
            <TextField label={t('bulk.type', toType())} inputmode="numeric" value={typed()} change={setTyped} />
          </Show>
        </>
      )}
    </Confirm>
  );
};

const Effect = (props: { action: RunBulkAction; preview: BulkPreview }) => {
  const left = () => props.preview.total - props.preview.eligible;
  return (
    <>
      <p class="text-text">{props.preview.eligible === 0 ? t('bulk.nothing') : t(`bulk.effect_${props.action}`, props.preview.eligible)}</p>
      <Show when={props.preview.too_many}>
        <p class="mt-1 text-text">{t('bulk.too_many')}</p>
      </Show>
      <Show when={props.action === 'cancel' && props.preview.running > 0}>
        <p class="mt-1 font-semibold text-text">{t('bulk.effect_running', props.preview.running)}</p>
      </Show>
      <Show when={left() > 0}>
        <p class="mt-2">{t('bulk.left_alone', left())}</p>
        <ul class="ml-4 list-disc">
          <For each={props.preview.left_alone}>
            {({ because, runs, example }) => (
              <li>
                {LEFT_ALONE_WORDS[because](runs)}
                <Show when={example !== null}> (#{grouped(example ?? 0)})</Show>
              </li>
            )}
          </For>
        </ul>
      </Show>
    </>
  );
};
