import { createSignal, For, Show } from 'solid-js';
import type { Json, JsonObject } from '#jobs/json.ts';
import { send } from '../../api/client.ts';
import { ApiProblem } from '../../api/problem.ts';
import { ActionButton } from '../../components/ActionButton.tsx';
import { Dialog } from '../../components/Dialog.tsx';
import { Refusal } from '../../components/Fetched.tsx';
import { objectOf } from '../../form/kind.ts';
import { SchemaForm } from '../../form/SchemaForm.tsx';
import { useSession } from '../../session/session.tsx';
import { whenChanged } from '../../solid.ts';
import type { Draft } from '../draft/draft.ts';
import { createAsking } from '../trial/asking.ts';
import type { DraftPlanView, PlannedStepView } from '../views.ts';
import { t } from './words.ts';

/** What a run of the draft would do: order, targets as they are now, secrets by their names. */
export const PlanDialog = (props: { open: boolean; close: () => void; draft: Draft; job: string | null }) => {
  const session = useSession();
  const [parameters, setParameters] = createSignal<Json | undefined>({});
  const [plan, setPlan] = createSignal<DraftPlanView | null>(null);
  /** The parameters have become others since the plan was drawn up. */
  const [isStale, setStale] = createSignal(false);
  const [error, setError] = createSignal<Error | null>(null);
  const [busy, setBusy] = createSignal(false);
  const { schema, isHidden, choices, given } = createAsking(props, 'open', () => objectOf(parameters()));
  // What was drawn up of another text is no plan of this one, and a value that has become a secret is not kept.
  whenChanged(
    () => props.open,
    (open) => {
      if (!open) return;
      setPlan(null);
      setError(null);
      setParameters((all) =>
        Object.fromEntries(Object.entries(objectOf(all)).filter(([name]) => Object.hasOwn(schema().properties ?? {}, name))),
      );
    },
  );
  const change = (value: Json | undefined) => {
    setParameters(value as JsonObject);
    setStale(plan() !== null);
  };
  const draw = async () => {
    setBusy(true);
    setError(null);
    setStale(false);
    try {
      // What a form has asked for last belongs to it.
      await props.draft.settled();
      setPlan(await send<DraftPlanView>('POST', '/jobs/plan', { source: props.draft.text(), parameters: given() }));
    } catch (problem) {
      setError(problem as Error);
      setPlan(null);
    }
    setBusy(false);
  };
  const problems = () => {
    const why = error();
    return why instanceof ApiProblem ? why.problems : [];
  };
  return (
    <Dialog open={props.open} close={props.close} title={t('plan.title', props.draft.definition()?.name ?? '')} wide>
      <p class="mt-2 text-muted">{t('plan.says')}</p>
      <Show when={Object.keys(schema().properties ?? {}).length > 0}>
        <div class="mt-4">
          <SchemaForm
            schema={schema()}
            at="/parameters"
            value={parameters()}
            onChange={change}
            errors={problems()}
            hidden={isHidden}
            choices={choices}
          />
        </div>
      </Show>
      <Show when={error()}>{(why) => <Refusal error={why()} />}</Show>
      <Show when={isStale()}>
        <p class="mt-4 font-semibold" role="status">
          {t('plan.stale')}
        </p>
      </Show>
      <Show when={plan()}>{(drawn) => <Plan plan={drawn()} />}</Show>
      <div class="mt-4 flex flex-wrap justify-end gap-2">
        <button type="button" class="button" onClick={() => props.close()}>
          {t('plan.close')}
        </button>
        <ActionButton
          look="main"
          focusFirst
          words={plan() ? t('plan.again') : t('plan.draw')}
          busyWords={t('plan.busy')}
          busy={busy()}
          lacks={session.may('run:start') ? undefined : 'run:start'}
          run={draw}
        />
      </div>
    </Dialog>
  );
};

const MOST_TARGETS = 8;

const whereOf = ({ parts, parts_total }: PlannedStepView): string => {
  if (parts === null) return t('plan.parts_later');
  const names = parts.flatMap(({ target }) => target ?? []);
  if (names.length === 0) return t('plan.no_target');
  const rest = (parts_total ?? names.length) - Math.min(names.length, MOST_TARGETS);
  return [names.slice(0, MOST_TARGETS).join(', '), ...(rest > 0 ? [t('plan.more', rest)] : [])].join(' ');
};

const placed = { steps: '', failure: t('plan.on_failure'), cancel: t('plan.on_cancel'), undo: t('plan.on_undo') } as const;

const Plan = (props: { plan: DraftPlanView }) => (
  <div class="mt-4">
    <Show when={props.plan.locks.length > 0}>
      <p>{t('plan.locks', props.plan.locks.map(({ key }) => key).join(', '))}</p>
    </Show>
    <For each={[...props.plan.warnings, ...props.plan.closed.map(({ step, message }) => `${step}: ${message}`)]}>
      {(warning) => <p class="tone-paused text-(--tone)">{warning}</p>}
    </For>
    <div class="mt-2 max-h-96 overflow-auto" tabindex="0" role="region" aria-label={t('plan.steps')}>
      <table class="w-full text-left text-table">
        <thead class="bg-bg1">
          <tr>
            <For each={[t('plan.number'), t('plan.step'), t('plan.after'), t('plan.on'), t('plan.secrets')]}>
              {(word) => <th class="h-8 px-2 font-semibold whitespace-nowrap">{word}</th>}
            </For>
          </tr>
        </thead>
        <tbody>
          <For each={props.plan.steps}>
            {(step, index) => (
              <tr class="border-t border-hairline align-top">
                <td class="px-2 py-1 text-muted">{index() + 1}</td>
                <td class="px-2 py-1">
                  <bdi class="font-semibold">{step.id}</bdi> <bdi class="font-mono text-meta text-muted">{step.type}</bdi>
                  <p class="text-meta break-words text-muted">
                    {[placed[step.on], { yes: '', no: t('plan.runs_no'), later: t('plan.runs_later') }[step.runs], step.why ?? '']
                      .filter((part) => part !== '')
                      .join(' · ')}
                  </p>
                  <Show when={step.error}>{(why) => <p class="tone-failed break-words text-(--tone)">{why()}</p>}</Show>
                </td>
                <td class="px-2 py-1">{step.needs.join(', ') || t('plan.nothing')}</td>
                <td class="px-2 py-1 break-words">{whereOf(step)}</td>
                <td class="px-2 py-1 break-words">{Object.values(step.secrets).join(', ')}</td>
              </tr>
            )}
          </For>
        </tbody>
      </table>
    </div>
  </div>
);
