import { For, type ParentProps, Show } from 'solid-js';
import type { Json, JsonObject } from '#jobs/json.ts';
import { hasEnded } from '#jobs/run-state.ts';
import { stepQuery } from '../../../api/queries.ts';
import { useQuery } from '../../../api/use-query.ts';
import type { RunView } from '../../../api/views.ts';
import { Fetched } from '../../../components/Fetched.tsx';
import { whenChanged } from '../../../solid.ts';
import { RemoteWork } from '../remote/RemoteWork.tsx';
import type { StepRow } from '../rows.ts';
import { StepPickers } from '../steps/StepPickers.tsx';
import { t as shared } from '../words.ts';
import { ValueView } from './ValueView.tsx';
import { t } from './words.ts';

const isEmpty = (value: Json): boolean => value === null || (typeof value === 'object' && Object.keys(value).length === 0);
const isObject = (value: Json): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);

interface OutputsViewProps {
  readonly run: RunView;
  readonly rows: readonly StepRow[];
  readonly chosen: StepRow | undefined;
  readonly choose: (key: string) => void;
  /** The reader looks at this step, and the page stops going along with what happens. */
  readonly touched: (key: string) => void;
}

/** What the run handed on, and what the chosen step did: its outputs, its commands, files and connections. */
export const OutputsView = (props: OutputsViewProps) => (
  <section
    class="mt-4 flex max-w-[1200px] flex-col gap-8"
    aria-label={shared('run.outputs')}
    onPointerDown={() => props.chosen && props.touched(props.chosen.key)}
    onWheel={() => props.chosen && props.touched(props.chosen.key)}
    onKeyDown={() => props.chosen && props.touched(props.chosen.key)}
  >
    <Section title={t('outputs.of_run')}>
      <Values value={props.run.result_data} none={hasEnded(props.run.status) ? t('outputs.none') : t('outputs.none_yet')} />
    </Section>
    <Section title={t('outputs.of_step')}>
      <div class="flex flex-wrap items-center gap-x-4 gap-y-2">
        <StepPickers rows={props.rows} chosen={props.chosen} open={props.choose} wholes />
      </div>
      <Show when={props.chosen?.step} fallback={<p class="text-muted">{t('outputs.step_not_begun')}</p>}>
        {(step) => <OfStep run={props.run} step={step().key} updated={step().updated_at} />}
      </Show>
    </Section>
  </section>
);

const Section = (props: ParentProps<{ title: string }>) => (
  <section class="min-w-0">
    <h2 class="mb-2 text-section font-semibold">{props.title}</h2>
    <div class="flex flex-col gap-2">{props.children}</div>
  </section>
);

/** Outputs that are drawn one by one. */
const MOST_NAMES = 100;

/** Each output by its name; a value that has no names, or too many, as a whole. */
const Values = (props: { value: Json; none: string }) => (
  <Show when={!isEmpty(props.value)} fallback={<p class="text-muted">{props.none}</p>}>
    <Show
      when={isObject(props.value) && Object.keys(props.value).length <= MOST_NAMES}
      fallback={<ValueView name={t('outputs.result')} value={props.value} />}
    >
      <For each={Object.keys(props.value as JsonObject)}>
        {(name) => <ValueView name={name} value={(props.value as JsonObject)[name] ?? null} />}
      </For>
    </Show>
  </Show>
);

const OfStep = (props: { run: RunView; step: string; updated: string }) => {
  const step = useQuery(() => stepQuery(props.run.id, props.step));
  whenChanged(
    () => `${props.step} ${props.updated}`,
    () => void step.refetch({ cancelRefetch: false }),
    'later',
  );
  return (
    <Fetched query={step} skeleton="h-40">
      {(found) => (
        <>
          <Values value={isEmpty(found().outputs) ? found().result : found().outputs} none={t('outputs.step_none')} />
          <Show when={found().target !== null}>
            <RemoteWork run={props.run.id} step={found()} />
          </Show>
        </>
      )}
    </Fetched>
  );
};
