import { useNavigate, useParams } from '@solidjs/router';
import { createMemo, createSignal, For, Show } from 'solid-js';
import type { JsonObject } from '#jobs/json.ts';
import { keysOf } from '#jobs/problem.ts';
import { ApiProblem, type FieldProblem } from '../../../api/problem.ts';
import { useQuery } from '../../../api/use-query.ts';
import type { RunView, StepSummary } from '../../../api/views.ts';
import { Choice } from '../../../components/Choice.tsx';
import { Confirm } from '../../../components/Confirm.tsx';
import { Fetched, isLoaded } from '../../../components/Fetched.tsx';
import { Field } from '../../../components/Field.tsx';
import { ReasonField } from '../../../components/ReasonField.tsx';
import { toast } from '../../../components/Toasts.tsx';
import { SchemaForm } from '../../../form/SchemaForm.tsx';
import { createEffect } from '../../../solid.ts';
import { useDelayed } from '../../../time/delayed.ts';
import { STEPS_VIEWS } from '../steps/StepsTab.tsx';
import { dismiss, type RerunStart } from './desk.ts';
import { Foreseen } from './Foreseen.tsx';
import { type RerunAsk, rerun, retryAll } from './moves.ts';
import { lacking, nameOf } from './names.ts';
import { rerunPreviewQuery } from './queries.ts';
import { askOf, changedValues, draftOf, EXTENTS, failedCount, formOf, type RerunDraft, removedNames, secretsIn } from './rerun-draft.ts';
import type { RerunPreviewView } from './views.ts';
import { t } from './words.ts';

interface RerunDialogProps {
  readonly run: RunView;
  readonly steps: readonly StepSummary[];
  readonly start: RerunStart;
}

/** Asks how a run is to run again: which steps, at which version, with which parameters; and says before which recorded results are reused. */
export const RerunDialog = (props: RerunDialogProps) => {
  const navigate = useNavigate();
  const place = useParams<{ view?: string }>();
  const [draft, setDraft] = createSignal<RerunDraft>(draftOf(props.start));
  const [reason, setReason] = createSignal('');
  const change = (part: Partial<RerunDraft>) => setDraft({ ...draft(), ...part });

  // What is asked follows from what was told last.
  const [told, setTold] = createSignal<RerunPreviewView | null>(null);
  const schemas = (): JsonObject => told()?.schemas ?? {};
  const newest = () => told()?.newest ?? null;
  const secrets = () => secretsIn(schemas());
  const changed = createMemo(() => changedValues(props.run.parameters, draft().values, schemas()));
  const removed = createMemo(() => removedNames(props.run.parameters, draft().values, schemas()));
  const asking = (parameters: JsonObject) => askOf(draft(), props.run, props.steps, newest(), parameters, removed());
  // Secrets leave the dialog only with the start: they say nothing about what is kept.
  const openAsk = createMemo(() => asking(without(changed(), secrets())), undefined, { equals: isSameAsk });
  const asked = useDelayed(openAsk, 250);
  const preview = useQuery(() => rerunPreviewQuery(props.run.id, asked()));
  createEffect(() => {
    if (isLoaded(preview) && preview.data) setTold(preview.data);
  });

  const refused = () => {
    const error = preview.error;
    // A server that does not answer refuses nothing.
    const isRefusal = error instanceof ApiProblem && error.problems.length === 0 && error.status >= 400 && error.status < 500;
    return isRefusal ? error.message : told()?.refused || undefined;
  };
  const open = () => without(draft().values ?? props.run.parameters, secrets());
  const isOfSecret = ({ pointer }: FieldProblem) => secrets().includes(keysOf(pointer)[1] ?? '');
  const changedOpen = () => Object.keys(without(changed(), secrets())).length + removed().length;
  const barred = () => {
    if (refused()) return refused();
    if (preview.error instanceof ApiProblem && preview.error.problems.length > 0) return t('rerun.wrong');
    return preview.isFetching || !isSameAsk(asked(), openAsk()) ? t('rerun.looking') : undefined;
  };
  const isSame = () => draft().extent === 'everything' && draft().version === 'same' && changedOpen() === 0;
  const start = async (key: string) => {
    const started = isSame()
      ? await retryAll(props.run.id, changed(), reason().trim(), key)
      : await rerun(props.run.id, asking(changed()), reason().trim(), key);
    toast({ says: t('rerun.started', `#${started.number}`) });
    // Who looks at hosts or at the graph sees there what becomes of it.
    navigate(`/runs/${started.id}${STEPS_VIEWS.some((view) => view === place.view) ? `/${place.view}` : ''}`);
  };

  return (
    <Confirm
      open
      wide
      showsProblems
      close={dismiss}
      title={t('rerun.title', nameOf(props.run))}
      keep={t('rerun.keep')}
      act={draft().extent === 'failed' ? t('rerun.act_failed') : t('rerun.act')}
      look="main"
      lacks={lacking(props.run, 'run:start')}
      barred={barred()}
      run={start}
    >
      {(problems) => (
        <>
          <Choice
            legend={t('rerun.what')}
            value={draft().extent}
            change={(extent) => change({ extent, from: draft().from || (props.run.plan_steps[0]?.id ?? '') })}
            options={EXTENTS.map((value) => ({
              value,
              label: t(`rerun.${value}`),
              hint: t(`rerun.${value}_hint`),
              barred:
                value === 'failed' && props.run.status === 'completed' && failedCount(props.steps) === 0
                  ? t('rerun.none_failed')
                  : undefined,
            }))}
          />
          <Show when={draft().extent === 'from'}>
            <Field label={t('rerun.from_step')}>
              {(ties) => (
                <select {...ties()} class="input max-w-dialog" onChange={(event) => change({ from: event.currentTarget.value })}>
                  <For each={told()?.steps}>
                    {(step) => (
                      <option value={step.id} selected={step.id === draft().from}>
                        {step.name === step.id ? step.id : `${step.id} · ${step.name}`}
                      </option>
                    )}
                  </For>
                </select>
              )}
            </Field>
          </Show>
          <Show when={newest() !== null && props.run.version !== null && newest() !== props.run.version}>
            <Choice
              legend={t('rerun.version')}
              value={draft().version}
              change={(version) => change({ version })}
              options={[
                { value: 'same', label: t('rerun.this_version', props.run.version ?? 0) },
                { value: 'newest', label: t('rerun.newest_version', newest() ?? 0) },
              ]}
            />
          </Show>
          <Show when={secrets().length > 0}>
            <section class="flex flex-col gap-4" aria-label={t('rerun.secrets')}>
              <p class="text-muted">{t('rerun.secrets_hint')}</p>
              <SchemaForm
                schema={formOf(pick(schemas(), secrets()))}
                value={pick(draft().values ?? {}, secrets())}
                onChange={(values) => change({ values: { ...open(), ...((values ?? {}) as JsonObject) } })}
                errors={problems().filter(isOfSecret)}
                at="/parameters"
              />
            </section>
          </Show>
          <Show when={Object.keys(schemas()).length > secrets().length}>
            <details open={props.start === 'changes'} class="group/parameters rounded-control border border-hairline px-4 py-2">
              <summary class="font-semibold">
                {t('rerun.parameters')} <span class="font-normal text-muted">{t('rerun.changed', changedOpen())}</span>
              </summary>
              <div class="flex flex-col gap-4 py-2">
                <SchemaForm
                  schema={formOf(without(schemas(), secrets()))}
                  value={open()}
                  onChange={(values) => change({ values: { ...pick(draft().values ?? {}, secrets()), ...((values ?? {}) as JsonObject) } })}
                  errors={[...problems(), ...(preview.error instanceof ApiProblem ? preview.error.problems : [])].filter(
                    (one) => !isOfSecret(one),
                  )}
                  at="/parameters"
                />
              </div>
            </details>
          </Show>
          {/* What was told last stays while it is asked for again. */}
          <Show
            when={told()}
            fallback={
              <Fetched query={preview} skeleton="h-24">
                {() => null}
              </Fetched>
            }
          >
            {(known) => <Foreseen told={known()} refused={refused()} />}
          </Show>
          <ReasonField value={reason()} change={setReason} />
        </>
      )}
    </Confirm>
  );
};

const isSameAsk = (one: RerunAsk, other: RerunAsk): boolean => JSON.stringify(one) === JSON.stringify(other);

const without = (values: JsonObject, names: readonly string[]): JsonObject =>
  Object.fromEntries(Object.entries(values).filter(([name]) => !names.includes(name)));

const pick = (values: JsonObject, names: readonly string[]): JsonObject =>
  Object.fromEntries(Object.entries(values).filter(([name]) => names.includes(name)));
