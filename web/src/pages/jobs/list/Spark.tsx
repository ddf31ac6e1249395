import { For, Match, Switch } from 'solid-js';
import type { RecentRun } from '../views.ts';
import { t } from '../words.ts';
import { barsOf, type Outcome, outcomeOf } from './recent.ts';

const PITCH = 4;
const HEIGHT = 20;

const OUTCOMES = ['done', 'bad', 'stopped', 'active', 'waiting'] as const satisfies readonly Outcome[];

/** The newest runs in a sentence: how many of each outcome, and how the last one went. */
const sayOf = (runs: readonly RecentRun[]): string => {
  const counts = OUTCOMES.flatMap((outcome) => {
    const count = runs.filter((run) => outcomeOf(run) === outcome).length;
    return count === 0 ? [] : [t(`spark.${outcome}`, count)];
  });
  return t('spark.says', runs.length, counts.join(', '));
};

/** The newest runs of a job, oldest first: a bar as high as it took long where it completed, a cross on a stem where it ended badly, a hollow box, a dot or a ring for the rest. */
export const Spark = (props: { runs: readonly RecentRun[]; most: number }) => (
  <svg
    class="block"
    width={props.most * PITCH}
    height={HEIGHT}
    viewBox={`0 0 ${props.most * PITCH} ${HEIGHT}`}
    role="img"
    aria-label={sayOf(props.runs)}
  >
    <title>{sayOf(props.runs)}</title>
    <For each={barsOf(props.runs)}>
      {({ run, outcome, height }, at) => {
        const x = () => (props.most - props.runs.length + at()) * PITCH;
        return (
          <g class={`tone-${run.status} text-(--tone)`}>
            <Switch>
              <Match when={outcome === 'done'}>
                <rect x={x()} y={HEIGHT - height * HEIGHT} width={3} height={height * HEIGHT} fill="currentColor" />
              </Match>
              <Match when={outcome === 'bad'}>
                <path d={`M${x()} 0.5 l3 4 m0 -4 l-3 4 M${x() + 1.5} 6 V${HEIGHT}`} fill="none" stroke="currentColor" stroke-width="1.25" />
              </Match>
              <Match when={outcome === 'stopped'}>
                <rect x={x() + 0.5} y={HEIGHT - 5.5} width={2} height={5} fill="none" stroke="currentColor" />
              </Match>
              <Match when={outcome === 'active'}>
                <circle cx={x() + 1.5} cy={HEIGHT / 2} r={1.5} fill="currentColor" />
              </Match>
              <Match when={outcome === 'waiting'}>
                <circle cx={x() + 1.5} cy={HEIGHT / 2} r={1.25} fill="none" stroke="currentColor" stroke-width="0.75" />
              </Match>
            </Switch>
          </g>
        );
      }}
    </For>
  </svg>
);
