import { type JSX, Show } from 'solid-js';
import type { Json } from '#jobs/json.ts';
import { hasEnded } from '#jobs/run-state.ts';
import type { RunView } from '../../api/views.ts';
import { JsonText } from '../../components/JsonText.tsx';
import { t } from '../../words.ts';

const isEmpty = (value: Json): boolean => value === null || (typeof value === 'object' && Object.keys(value).length === 0);

const Section = (props: { title: string; value: Json; none: string }): JSX.Element => (
  <section class="min-w-0">
    <h2 class="mb-2 text-section font-semibold">{props.title}</h2>
    <Show when={!isEmpty(props.value)} fallback={<p class="text-muted">{props.none}</p>}>
      <JsonText value={props.value} label={props.title} />
    </Show>
  </section>
);

/** What the run was given and what it gave. */
export const OutputsView = (props: { run: RunView }) => (
  <div class="mt-4 grid gap-6 lg:grid-cols-2">
    <Section
      title={t('run.result')}
      value={props.run.result_data}
      none={hasEnded(props.run.status) ? t('run.no_result') : t('run.no_result_yet')}
    />
    <Section title={t('run.parameters')} value={props.run.parameters} none={t('run.no_parameters')} />
  </div>
);
