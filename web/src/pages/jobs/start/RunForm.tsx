import { useNavigate } from '@solidjs/router';
import { createMemo, createSignal, Show } from 'solid-js';
import type { ParameterSchema } from '#jobs/definition.ts';
import type { Json, JsonObject } from '#jobs/json.ts';
import { keysOf } from '#jobs/problem.ts';
import { send } from '../../../api/client.ts';
import { keyOfContent } from '../../../api/key-of.ts';
import { ApiProblem, type FieldProblem } from '../../../api/problem.ts';
import type { RunView } from '../../../api/views.ts';
import { SameWidth } from '../../../components/ActionButton.tsx';
import { focusFirstError } from '../../../components/focus-first-error.ts';
import { RequestId } from '../../../components/RequestId.tsx';
import { toast } from '../../../components/Toasts.tsx';
import { isSame, objectOf } from '../../../form/kind.ts';
import { sentences } from '../../../form/problems.ts';
import { SchemaForm } from '../../../form/SchemaForm.tsx';
import { useSession } from '../../../session/session.tsx';
import { createEffect } from '../../../solid.ts';
import { zone } from '../../../time/clock.ts';
import { t as shared } from '../../../words.ts';
import { jobPath } from '../queries.ts';
import type { JobAt } from '../views.ts';
import { t } from '../words.ts';
import { createAsked } from './asked.ts';
import { checkParameters } from './check.ts';
import { createChoices } from './choices.ts';
import { carriedOver, defaultsOf, keptStart } from './draft.ts';
import { type RunOptions, requestOf, withOption } from './options.ts';
import { RunOptionsFields } from './RunOptionsFields.tsx';

type Schemas = Readonly<Record<string, ParameterSchema>>;

const OPTION_FIELDS = ['target', 'priority', 'scheduled_for', 'client', 'ref_num', 'message'];

/** Asks for a job's parameters and starts a run: checked here as the server checks, its own objections at their fields, sent twice it is the same run. */
export const RunForm = (props: { job: JobAt; isOn: boolean }) => {
  const navigate = useNavigate();
  const session = useSession();
  // A job that is read again and asks for the same is no other version.
  const schemas = createMemo((): Schemas => props.job.definition.parameters ?? {}, {}, { equals: isSame });
  const drawer = keptStart(props.job.name);
  const draft = drawer.read(schemas());
  const [value, setValue] = createSignal<JsonObject>({ ...defaultsOf(schemas()), ...draft?.parameters });
  const [options, setOptions] = createSignal<RunOptions>(draft?.options ?? {});
  const [problems, setProblems] = createSignal<readonly FieldProblem[]>([]);
  const [refusal, setRefusal] = createSignal('');
  /** What was thrown, where it says nothing against what was typed. */
  const [failure, setFailure] = createSignal<unknown>();
  const [busy, setBusy] = createSignal(false);
  const [isDraft, setIsDraft] = createSignal(draft !== null);
  const { asked, isHidden } = createAsked(schemas, value);
  const choices = createChoices(() => props.job.name, schemas, value);
  const keyOf = keyOfContent();
  let form: HTMLFormElement | undefined;
  let more: HTMLDetailsElement | undefined;
  let isSent = false;

  // Another version: what was typed goes on, what it no longer asks for goes.
  createEffect((before: Schemas) => {
    const now = schemas();
    if (now !== before) setValue((typed) => carriedOver(typed, before, now));
    return now;
  }, schemas());
  createEffect(() => isSent || drawer.keep({ parameters: value(), options: options() }, schemas()));
  const schema = createMemo(() => ({
    type: 'object',
    properties: schemas(),
    required: Object.keys(schemas()).filter((name) => schemas()[name]?.default === undefined),
  }));
  const given = () => Object.fromEntries(Object.entries(value()).filter(([name]) => asked().has(name)));

  const discard = () => {
    setValue(defaultsOf(schemas()));
    setOptions({});
    setProblems([]);
    setRefusal('');
    setIsDraft(false);
  };
  const refuse = (found: readonly FieldProblem[], says: string) => {
    const isPlaced = ({ pointer }: FieldProblem) => {
      const [first = '', second = ''] = keysOf(pointer);
      return (first === 'parameters' && Object.hasOwn(schemas(), second)) || OPTION_FIELDS.includes(first);
    };
    setProblems(found.filter(isPlaced));
    setRefusal(sentences([...(found.length === 0 ? [says] : []), ...found.filter((one) => !isPlaced(one)).map(({ message }) => message)]));
    focusFirstError(form);
  };

  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    if (busy() || why() !== undefined) return;
    setBusy(true);
    setRefusal('');
    setFailure(undefined);
    const { request, problems: own } = requestOf(options(), zone(), Date.now());
    const parameters = given();
    const found = [...(await checkParameters(schemas(), { ...hiddenDefaults(), ...parameters }, (name) => asked().has(name))), ...own];
    if (found.length > 0) {
      setBusy(false);
      return refuse(found, '');
    }
    const content = { parameters, ...request, version: props.job.version };
    try {
      const run = await send<RunView>('POST', `${jobPath(props.job.name)}/runs`, content, keyOf(JSON.stringify(content)));
      isSent = true;
      drawer.keep({ parameters: {}, options: {} }, {});
      toast({ says: t(options().at === undefined ? 'start.started' : 'start.planned', run.number) });
      navigate(`/runs/${run.id}`);
    } catch (error) {
      const against = error instanceof ApiProblem ? error.problems : [];
      if (against.length === 0) setFailure(error);
      refuse(against, (error as Error).message);
    }
    setBusy(false);
  };
  const hiddenDefaults = () => Object.fromEntries(Object.entries(defaultsOf(schemas())).filter(([name]) => !asked().has(name)));
  const why = () => {
    if (!session.may('run:start')) return shared('denied.control', 'run:start');
    return props.isOn ? undefined : t('start.off');
  };
  // Opened where something stands in it; only its reader closes it.
  createEffect(() => {
    const isNeeded = Object.keys(options()).length > 0 || problems().some(({ pointer }) => !pointer.startsWith('/parameters'));
    if (isNeeded && more) more.open = true;
  });

  return (
    <form ref={form} class="flex max-w-column flex-col gap-4" novalidate onSubmit={submit}>
      <Show when={isDraft()}>
        <p class="flex flex-wrap items-center gap-x-3 text-muted" role="status">
          {t('start.draft')}
          <button type="button" class="link min-h-6" onClick={discard}>
            {t('start.discard')}
          </button>
        </p>
      </Show>
      <Show when={Object.keys(schemas()).length > 0} fallback={<p class="text-muted">{t('start.none')}</p>}>
        <SchemaForm
          schema={schema()}
          value={value()}
          onChange={(next: Json | undefined) => setValue(objectOf(next))}
          errors={problems()}
          at="/parameters"
          choices={choices}
          hidden={isHidden}
        />
      </Show>
      <details ref={more} class="group">
        <summary class="min-h-8 text-muted">{t('start.more')}</summary>
        <RunOptionsFields
          definition={props.job.definition}
          options={options()}
          problems={problems()}
          change={(name, next) => setOptions((all) => withOption(all, name, next))}
        />
      </details>
      <Show when={refusal()}>
        <div role="alert" tabindex="-1" data-form-error class="rounded-control bg-failure px-3 py-2 break-words whitespace-pre-line">
          <span class="font-semibold">{t('start.refused')}</span> {refusal()}
          <RequestId of={failure()} />
        </div>
      </Show>
      <button
        type="submit"
        class="button button-main self-start"
        aria-disabled={busy() || why() !== undefined ? 'true' : undefined}
        aria-busy={busy() ? 'true' : undefined}
        title={why()}
      >
        <SameWidth words={t(options().at === undefined ? 'start.submit' : 'start.later')} busyWords={t('start.starting')} busy={busy()} />
      </button>
      <Show when={why()}>{(says) => <p class="text-meta text-muted">{says()}</p>}</Show>
    </form>
  );
};
