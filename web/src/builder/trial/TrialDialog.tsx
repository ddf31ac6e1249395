import { createMemo, createSignal, For, Show } from 'solid-js';
import type { StepDefinition } from '#jobs/definition.ts';
import { needsOf, upstreamOf } from '#jobs/graph.ts';
import type { Json, JsonObject } from '#jobs/json.ts';
import { get, send } from '../../api/client.ts';
import { useQuery } from '../../api/use-query.ts';
import type { Page, RunSummary, RunView } from '../../api/views.ts';
import { Confirm } from '../../components/Confirm.tsx';
import { isLoaded } from '../../components/Fetched.tsx';
import { Field } from '../../components/Field.tsx';
import { toast } from '../../components/Toasts.tsx';
import { objectOf } from '../../form/kind.ts';
import { SchemaForm } from '../../form/SchemaForm.tsx';
import { useSession } from '../../session/session.tsx';
import { whenChanged } from '../../solid.ts';
import type { Draft } from '../draft/draft.ts';
import { createAsking } from './asking.ts';
import { parametersSchema } from './parameters.ts';
import { t } from './words.ts';

interface TrialDialogProps {
  readonly open: boolean;
  readonly close: () => void;
  readonly draft: Draft;
  readonly step: StepDefinition | undefined;
  /** The saved job, whose runs have recorded what steps handed on. */
  readonly job: string | null;
}

const objectIn = (text: string): JsonObject | null => {
  try {
    const value = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
};

/** Carries out one step of the draft, with what the steps before it are taken to have handed on. */
export const TrialDialog = (props: TrialDialogProps) => {
  const session = useSession();
  const [parameters, setParameters] = createSignal<Json | undefined>({});
  const [texts, setTexts] = createSignal<{ readonly [step: string]: string }>({});
  const [from, setFrom] = createSignal('');
  const { schema, isHidden, choices, given } = createAsking(props, 'all', () => objectOf(parameters()));
  // Secrets are asked again each time; the rest stays for the next try of the same step.
  let tried: string | undefined;
  whenChanged(
    () => props.open,
    (open) => {
      const { properties = {} } = parametersSchema(props.draft.definition()?.parameters, 'open');
      setParameters((all) => Object.fromEntries(Object.entries(objectOf(all)).filter(([name]) => Object.hasOwn(properties, name))));
      if (!open || props.step?.id === tried) return;
      tried = props.step?.id;
      setTexts({});
      setFrom('');
    },
  );
  const before = createMemo(() => {
    const steps = props.draft.definition()?.steps ?? [];
    return props.open && props.step ? [...upstreamOf(props.step.id, needsOf(steps))] : [];
  });
  const runs = useQuery(() => ({
    queryKey: ['recorded', props.job] as const,
    queryFn: ({ signal }: { signal: AbortSignal }) =>
      get<Page<RunSummary>>(`/runs?job=${encodeURIComponent(props.job ?? '')}&limit=20`, signal),
    enabled: props.open && props.job !== null && before().length > 0,
  }));
  const bad = () => before().find((id) => (texts()[id] ?? '').trim() !== '' && objectIn(texts()[id] ?? '') === null);
  const run = async (key: string) => {
    await props.draft.settled();
    const step = props.step?.id ?? '';
    const outputs = Object.fromEntries(
      before().flatMap((id) => (texts()[id]?.trim() ? [[id, objectIn(texts()[id] ?? '') ?? {}] as const] : [])),
    );
    const request = { source: props.draft.text(), step, parameters: given(), outputs, from_run: from() === '' ? null : from() };
    const started = await send<RunView>('POST', '/jobs/test-step', request, key);
    toast({ says: t('trial.started', step, started.number), href: `/runs/${started.id}`, link: t('trial.open') });
  };
  return (
    <Confirm
      open={props.open}
      close={props.close}
      title={t('trial.title', props.step?.id ?? '')}
      effect={t('trial.effect')}
      keep={t('trial.back')}
      act={t('trial.act')}
      look="main"
      wide
      lacks={session.may('run:start') ? undefined : 'run:start'}
      barred={bad() === undefined ? undefined : t('trial.not_json')}
      run={run}
    >
      {(problems) => (
        <>
          <Show when={Object.keys(schema().properties ?? {}).length > 0}>
            <SchemaForm
              schema={schema()}
              at="/parameters"
              value={parameters()}
              onChange={setParameters}
              errors={problems()}
              hidden={isHidden}
              choices={choices}
            />
          </Show>
          <h3 class="font-semibold">{t('trial.inputs')}</h3>
          <Show when={before().length > 0} fallback={<p class="text-muted">{t('trial.none')}</p>}>
            <Show when={isLoaded(runs) && (runs.data?.items.length ?? 0) > 0}>
              <Field label={t('trial.from')}>
                {(ties) => (
                  <select {...ties()} class="input" onChange={(event) => setFrom(event.currentTarget.value)}>
                    <option value="">{t('trial.given')}</option>
                    <For each={runs.data?.items}>
                      {(one) => (
                        <option value={one.id} selected={one.id === from()}>
                          {t('trial.run', one.number, one.status)}
                        </option>
                      )}
                    </For>
                  </select>
                )}
              </Field>
            </Show>
            <For each={before()}>
              {(id) => (
                <Field label={t('trial.outputs', id)} hint={t('trial.outputs_hint')} error={bad() === id ? t('trial.not_json') : undefined}>
                  {(ties) => (
                    <textarea
                      {...ties()}
                      class="input min-h-16 font-mono text-table"
                      rows={2}
                      spellcheck={false}
                      value={texts()[id] ?? ''}
                      onInput={(event) => {
                        const { value } = event.currentTarget;
                        setTexts((all) => ({ ...all, [id]: value }));
                      }}
                    />
                  )}
                </Field>
              )}
            </For>
          </Show>
        </>
      )}
    </Confirm>
  );
};
