import { createMemo, createSignal, Show } from 'solid-js';
import type { StepDefinition } from '#jobs/definition.ts';
import type { JsonObject, JsonSchema } from '#jobs/json.ts';
import { keysOf, type Problem, placeOf } from '#jobs/problem.ts';
import type { Path } from '../document/parsed.ts';
import type { Draft } from '../draft/draft.ts';
import { type Chosen, nameOf, pathOf, stepAt } from '../draft/selection.ts';
import type { Known } from '../expressions/known.ts';
import { STEP_ORDER } from '../steps/operations.ts';
import { t } from '../words.ts';
import { Parameters } from './Parameters.tsx';
import { Part } from './Part.tsx';
import { Section } from './Section.tsx';
import { detailsOf, HANDED_ON, jobFields, naming, ROOT, UNDOING } from './schemas.ts';

interface StepFormProps {
  readonly draft: Draft;
  readonly known: Known;
  readonly chosen: Chosen;
  readonly problems: readonly Problem[];
  readonly isNew: boolean;
}

/** The form of what is chosen: each field writes one key of the text, marks its lines while it has the focus, and says which key it is. */
export const StepForm = (props: StepFormProps) => {
  const [writes, setWrites] = createSignal('');
  const step = () => stepAt(props.draft.definition(), props.chosen);
  const onFocus = (event: FocusEvent) => {
    const pointer = (event.target as HTMLElement).closest<HTMLElement>('[data-pointer]')?.dataset.pointer;
    if (pointer === undefined || pointer === '') return;
    setWrites(placeOf(pointer));
    props.draft.mark(pathOf(pointer));
  };
  return (
    <div class="flex flex-col gap-4 pb-6" data-builder-form onFocusIn={onFocus}>
      <div class="flex min-h-6 flex-wrap items-baseline gap-x-3">
        <h2 class="min-w-0 break-words text-section font-semibold">{titleOf(props.chosen, step())}</h2>
        <span class="min-w-0 truncate font-mono text-meta text-muted">{writes() === '' ? '' : t('form.writes', writes())}</span>
      </div>
      <fieldset class="min-w-0" disabled={!props.draft.isReadable()}>
        <Show when={props.chosen.list === null ? null : props.chosen} fallback={<JobPart {...props} />} keyed>
          {(chosen) => (
            <Show when={step()} fallback={<p class="text-muted">{t('form.none')}</p>}>
              {(now) => <StepParts {...props} list={chosen.list} index={chosen.index} step={now()} />}
            </Show>
          )}
        </Show>
      </fieldset>
    </div>
  );
};

const titleOf = (chosen: Chosen, step: StepDefinition | undefined): string => {
  if (chosen.list === null) return t('form.job');
  const name = nameOf(step, t('steps.no_id'));
  return chosen.list === 'steps' ? t('form.step', name) : t('form.handler', name);
};

const JOB_ORDER = Object.keys(ROOT.properties ?? {});

const JobPart = (props: StepFormProps) => {
  const schema = createMemo(() => jobFields(props.isNew));
  const drawn = (key: string | undefined) => key !== undefined && Object.hasOwn(schema().properties ?? {}, key);
  const problems = () => props.problems.filter(({ pointer }) => drawn(keysOf(pointer)[0]));
  return (
    <div class="flex flex-col gap-4">
      <Part
        {...props}
        problems={problems()}
        path={[]}
        schema={schema()}
        value={(props.draft.definition() ?? {}) as unknown as JsonObject}
        order={JOB_ORDER}
      />
      <Section title={t('form.parameters')} open>
        <Parameters draft={props.draft} known={props.known} problems={props.problems} />
      </Section>
    </div>
  );
};

const StepParts = (props: StepFormProps & { list: Exclude<Chosen['list'], null>; index: number; step: StepDefinition }) => {
  const path = createMemo((): Path => [props.list, props.index]);
  const value = () => props.step as unknown as JsonObject;
  const config = createMemo(() => props.known.configOf(props.step.type));
  const undoing = createMemo(() => props.known.configOf(props.step.compensate?.type));
  // Only problems of this item, so that the others' do not stand beneath a form that has no field for them.
  const problems = createMemo(() => {
    const own = `/${props.list}/${props.index}`;
    return props.problems.filter(({ pointer }) => pointer.startsWith(`${own}/`));
  });
  const within = (keys: readonly string[]) => {
    const own = `/${props.list}/${props.index}`;
    return problems().filter(({ pointer }) => keys.some((key) => pointer === `${own}/${key}` || pointer.startsWith(`${own}/${key}/`)));
  };
  const formOf = (schema: JsonSchema) => (
    <Part
      {...props}
      path={path()}
      schema={schema}
      value={value()}
      own={props.step.id}
      order={STEP_ORDER}
      problems={within(Object.keys(schema.properties ?? {}))}
    />
  );
  const isOpen = (schema: JsonSchema) => Object.keys(schema.properties ?? {}).some((key) => Object.hasOwn(props.step, key));
  return (
    <div class="flex flex-col gap-4">
      {formOf(naming(props.list))}
      <Show when={config()} fallback={<p class="text-muted">{t('form.unknown_type', String(props.step.type ?? ''))}</p>}>
        {(schema) => (
          <Section title={t('form.config')} detail={props.step.type} open>
            <Part
              {...props}
              path={[...path(), 'config']}
              schema={schema()}
              value={props.step.config}
              own={props.step.id}
              order={Object.keys(schema().properties ?? {})}
              problems={within(['config'])}
            />
          </Section>
        )}
      </Show>
      <Section title={t('form.details')} open={isOpen(detailsOf(props.list))}>
        {formOf(detailsOf(props.list))}
      </Section>
      <Section title={t('form.handed')} open={isOpen(HANDED_ON)}>
        {formOf(HANDED_ON)}
      </Section>
      <Show when={props.step.compensate && undoing()}>
        {(schema) => (
          <Section title={t('steps.undoes', String(props.step.compensate?.type))} open>
            <Part
              {...props}
              path={[...path(), 'compensate']}
              schema={UNDOING}
              value={props.step.compensate as unknown as JsonObject}
              own={props.step.id}
              problems={within(Object.keys(UNDOING.properties ?? {}).map((key) => `compensate/${key}`))}
            />
            <Part
              {...props}
              path={[...path(), 'compensate', 'config']}
              schema={schema()}
              value={props.step.compensate?.config}
              own={props.step.id}
              order={Object.keys(schema().properties ?? {})}
              problems={within(['compensate/config'])}
            />
          </Section>
        )}
      </Show>
    </div>
  );
};
