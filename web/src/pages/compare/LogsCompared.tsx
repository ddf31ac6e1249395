import { createMemo, For, lazy, Show } from 'solid-js';
import { nameOfPart } from '#jobs/parts.ts';
import { API } from '../../api/client.ts';
import { stepSummariesQuery } from '../../api/queries.ts';
import { useQuery } from '../../api/use-query.ts';
import type { StepSummary } from '../../api/views.ts';
import { Fetched } from '../../components/Fetched.tsx';
import { Field } from '../../components/Field.tsx';
import { short } from '../../components/visible.ts';
import { Suspense } from '../../solid.ts';
import { hasParts } from '../run/rows.ts';
import { MOST_LINES, wholeLogQuery } from './queries.ts';
import type { ComparedBrief, ComparisonView } from './views.ts';
import { t } from './words.ts';

const TextDiff = lazy(async () => ({ default: (await import('../../diff/TextDiff.tsx')).TextDiff }));

interface LogsComparedProps {
  readonly found: ComparisonView;
  readonly a: string;
  readonly b: string;
  readonly choose: (part: { readonly log?: string; readonly log_b?: string }) => void;
}

/** Steps and parts of a run that wrote a log of their own there. */
const logged = (steps: readonly StepSummary[]): readonly StepSummary[] =>
  steps.filter((step) => step.attempts.length > 0 && step.kept_from === null && !hasParts(step));

/** The one of the other run that is about the same: that key, or of the same step that target or item. */
const counterpart = (own: StepSummary | undefined, others: readonly StepSummary[]): string => {
  if (!own) return '';
  const isSame = (other: StepSummary) =>
    own.parent_key !== null &&
    other.parent_key === own.parent_key &&
    other.target === own.target &&
    JSON.stringify(other.item) === JSON.stringify(own.item) &&
    (own.target !== null || own.item !== null);
  return (others.find(isSame) ?? others.find(({ key }) => key === own.key))?.key ?? '';
};

/** The logs of a step of each run, line by line; a log too long for a page is offered as a download. */
export const LogsCompared = (props: LogsComparedProps) => {
  const stepsOfA = useQuery(() => stepSummariesQuery(props.found.a.id));
  const stepsOfB = useQuery(() => stepSummariesQuery(props.found.b.id));
  const ofA = createMemo(() => logged(stepsOfA.data ?? []));
  const ofB = createMemo(() => logged(stepsOfB.data ?? []));
  const b = () =>
    props.b !== ''
      ? props.b
      : counterpart(
          ofA().find(({ key }) => key === props.a),
          ofB(),
        );
  return (
    <Fetched query={stepsOfA} skeleton="h-20">
      {() => (
        <Fetched query={stepsOfB} skeleton="h-20">
          {() => (
            <div class="flex flex-col gap-4">
              <div class="grid gap-4 md:grid-cols-2">
                <StepChoice label={t('compare.log_a')} value={props.a} steps={ofA()} choose={(log) => props.choose({ log, log_b: '' })} />
                <StepChoice label={t('compare.log_b')} value={b()} steps={ofB()} choose={(log_b) => props.choose({ log_b })} />
              </div>
              <Show when={props.a !== '' && b() !== ''} fallback={<p class="text-muted">{t('compare.log_none')}</p>}>
                <Both found={props.found} a={props.a} b={b()} />
              </Show>
            </div>
          )}
        </Fetched>
      )}
    </Fetched>
  );
};

/** Steps that a list of choices has room for. */
const MOST_CHOICES = 2_000;

const wordsOf = ({ key, target, item }: StepSummary): string => {
  const about = item === null ? target : nameOfPart({ item });
  return short(about === null ? key : `${key} · ${about}`, 120);
};

const StepChoice = (props: { label: string; value: string; steps: readonly StepSummary[]; choose: (key: string) => void }) => (
  <Field label={props.label}>
    {(ties) => (
      <select {...ties()} class="input" onChange={(event) => props.choose(event.currentTarget.value)}>
        <option value="" selected={props.value === ''}>
          {t('compare.not_chosen')}
        </option>
        <Show when={props.value !== '' && props.steps.every(({ key }) => key !== props.value)}>
          <option value={props.value} selected>
            {short(props.value, 120)}
          </option>
        </Show>
        <For each={props.steps.slice(0, MOST_CHOICES)}>
          {(step) => (
            <option value={step.key} selected={step.key === props.value}>
              {wordsOf(step)}
            </option>
          )}
        </For>
        <Show when={props.steps.length > MOST_CHOICES}>
          <option disabled>{t('compare.log_more', props.steps.length - MOST_CHOICES)}</option>
        </Show>
      </select>
    )}
  </Field>
);

const nameOf = (run: ComparedBrief, key: string): string => `#${run.number} ${key}`;

/** A log may grow as long as its run does. */
const markOf = ({ status, ended_at }: ComparedBrief): string => `${status} ${ended_at}`;

const Both = (props: Omit<LogsComparedProps, 'choose'>) => {
  const a = useQuery(() => wholeLogQuery(props.found.a.id, props.a, markOf(props.found.a)));
  const b = useQuery(() => wholeLogQuery(props.found.b.id, props.b, markOf(props.found.b)));
  const total = () => Math.max(a.data?.total ?? 0, b.data?.total ?? 0);
  return (
    <Fetched query={a} skeleton="h-40">
      {(one) => (
        <Fetched query={b} skeleton="h-40">
          {(other) => (
            <Show
              when={one().text !== null && other().text !== null}
              fallback={
                <div class="flex flex-col items-start gap-2">
                  <p>{t('compare.log_long', total(), MOST_LINES)}</p>
                  <Download run={props.found.a} step={props.a} />
                  <Download run={props.found.b} step={props.b} />
                </div>
              }
            >
              <Suspense>
                <TextDiff
                  before={one().text ?? ''}
                  after={other().text ?? ''}
                  beforeLabel={nameOf(props.found.a, props.a)}
                  afterLabel={nameOf(props.found.b, props.b)}
                />
              </Suspense>
            </Show>
          )}
        </Fetched>
      )}
    </Fetched>
  );
};

const Download = (props: { run: ComparedBrief; step: string }) => (
  <a class="link" download="" href={`${API}/runs/${props.run.id}/steps/${encodeURIComponent(props.step)}/log/text`}>
    {t('compare.log_download', nameOf(props.run, props.step))}
  </a>
);
