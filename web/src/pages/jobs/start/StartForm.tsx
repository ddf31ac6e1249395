import { useNavigate } from '@solidjs/router';
import ChevronRight from 'lucide-solid/icons/chevron-right';
import { createSignal, For, Show } from 'solid-js';
import type { ParameterSchema } from '#jobs/definition.ts';
import type { Json } from '#jobs/json.ts';
import { keysOf } from '#jobs/problem.ts';
import { readTarget, targetWords } from '#jobs/target-words.ts';
import { send } from '../../../api/client.ts';
import { ApiProblem } from '../../../api/problem.ts';
import type { JobView, RunView, StartRun } from '../../../api/views.ts';
import { Field } from '../../../components/Field.tsx';
import { toast } from '../../../components/Toasts.tsx';
import { useSession } from '../../../session/session.tsx';
import { createEffect } from '../../../solid.ts';
import { t } from '../../../words.ts';
import { keepDraft, readDraft } from './draft.ts';
import { ParameterField } from './ParameterField.tsx';
import { readParameter, textOf } from './parameter.ts';

const EXTRAS = ['target', 'client', 'ref_num', 'priority', 'message'] as const;
type Errors = Readonly<Record<string, string>>;

/** Errors by field; what the server says of no field of this form stands under ''. */
const errorsOf = (problem: ApiProblem, fields: ReadonlySet<string>): Errors => {
  const errors: Record<string, string> = {};
  for (const { pointer, message } of problem.problems) {
    const [first = '', second = ''] = keysOf(pointer);
    const field = first === 'parameters' ? `parameters.${second}` : first;
    const place = fields.has(field) ? field : '';
    errors[place] = errors[place] ? `${errors[place]}\n${message}` : message;
  }
  return problem.problems.length > 0 ? errors : { '': problem.message };
};

const hintOf = (name: (typeof EXTRAS)[number]): string | undefined =>
  name === 'priority' ? t('start.priority_hint') : name === 'target' ? t('start.target_hint') : undefined;

/** What keeps words from saying which targets. */
const targetProblem = (words: string): string | undefined => {
  try {
    readTarget(words);
  } catch (error) {
    if (error instanceof RangeError) return error.message;
    throw error;
  }
};

/** Asks for a job's parameters and starts a run; the server's objections stand at their fields, and sending twice starts one run. */
export const StartForm = (props: { job: JobView }) => {
  const navigate = useNavigate();
  const session = useSession();
  const parameters = (): Readonly<Record<string, ParameterSchema>> => props.job.definition.parameters ?? {};
  const draft = readDraft(props.job.name);
  const [typed, setTyped] = createSignal<Readonly<Record<string, string>>>(draft);
  const [errors, setErrors] = createSignal<Errors>({});
  const [busy, setBusy] = createSignal(false);
  let sent = { body: '', key: '' };
  let form: HTMLFormElement | undefined;

  createEffect(() => keepDraft(props.job.name, typed(), parameters()));
  const text = (name: string) => typed()[name] ?? textOf(parameters()[name] ?? {}, parameters()[name]?.default);
  const extra = (name: string) => typed()[`+${name}`] ?? '';
  const type = (name: string, value: string) => setTyped((all) => ({ ...all, [name]: value }));

  /** The request, or null with every field's error shown. */
  const read = (): StartRun | null => {
    const found: Record<string, string> = {};
    const values: Record<string, Json> = {};
    for (const [name, schema] of Object.entries(parameters())) {
      const reading = readParameter(schema, text(name));
      if ('error' in reading) found[`parameters.${name}`] = reading.error;
      else if ('value' in reading) values[name] = reading.value;
    }
    const extras = EXTRAS.flatMap((name) => (extra(name).trim() === '' ? [] : [[name, extra(name).trim()] as const]));
    if (extra('priority').trim() !== '' && !Number.isInteger(Number(extra('priority')))) found.priority = t('start.not_integer');
    const problem = extra('target').trim() === '' ? undefined : targetProblem(extra('target'));
    if (problem !== undefined) found.target = problem;
    setErrors(found);
    if (Object.keys(found).length > 0) return null;
    const { priority, target, ...rest } = Object.fromEntries(extras);
    return {
      parameters: values,
      ...rest,
      ...(target !== undefined && { target: readTarget(target) }),
      ...(priority !== undefined && { priority: Number(priority) }),
    };
  };

  const focusError = () => queueMicrotask(() => form?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus());

  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const request = read();
    if (!request) return focusError();
    const body = JSON.stringify(request);
    if (sent.body !== body) sent = { body, key: crypto.randomUUID() };
    setBusy(true);
    try {
      const run = await send<RunView>('POST', `/jobs/${encodeURIComponent(props.job.name)}/runs`, request, sent.key);
      setTyped({});
      toast({ says: t('run.retried', `#${run.number}`) });
      navigate(`/runs/${run.id}`);
    } catch (problem) {
      const fields = new Set([...Object.keys(parameters()).map((name) => `parameters.${name}`), ...EXTRAS]);
      setErrors(problem instanceof ApiProblem ? errorsOf(problem, fields) : { '': (problem as Error).message });
      focusError();
    }
    setBusy(false);
  };

  return (
    <form ref={form} class="flex max-w-dialog flex-col gap-4" novalidate onSubmit={submit}>
      <For each={Object.keys(parameters())} fallback={<p class="text-muted">{t('start.none')}</p>}>
        {(name) => (
          <ParameterField
            name={name}
            schema={parameters()[name] ?? {}}
            text={text(name)}
            error={errors()[`parameters.${name}`]}
            change={(value) => type(name, value)}
          />
        )}
      </For>
      <details class="group" open={EXTRAS.some((name) => extra(name) !== '' || errors()[name] !== undefined)}>
        <summary class="flex min-h-8 items-center gap-1 text-muted">
          <ChevronRight size={16} class="group-open:rotate-90" />
          {t('start.more')}
        </summary>
        <div class="mt-2 flex flex-col gap-4">
          <For each={EXTRAS}>
            {(name) => (
              <Field label={t(`field.${name}`)} error={errors()[name]} hint={hintOf(name)}>
                {(ties) => (
                  <input
                    {...ties()}
                    class="input"
                    autocomplete="off"
                    name={name}
                    value={extra(name)}
                    placeholder={name === 'target' ? targetWords(props.job.definition.target ?? '') : ''}
                    onInput={(event) => type(`+${name}`, event.currentTarget.value)}
                  />
                )}
              </Field>
            )}
          </For>
        </div>
      </details>
      <Show when={errors()['']}>
        <p role="alert" class="rounded-control bg-failure px-3 py-2 break-words whitespace-pre-line">
          <span class="font-semibold">{t('start.refused')}</span> {errors()['']}
        </p>
      </Show>
      <button
        type="submit"
        class="button button-main self-start"
        disabled={busy() || !session.may('run:start')}
        title={session.may('run:start') ? '' : t('denied.control', 'run:start')}
      >
        {busy() ? t('start.starting') : t('start.submit')}
      </button>
    </form>
  );
};
