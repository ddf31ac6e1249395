import { A } from '@solidjs/router';
import CircleCheck from 'lucide-solid/icons/circle-check';
import CircleDashed from 'lucide-solid/icons/circle-dashed';
import { For, Show } from 'solid-js';
import { FIRST_STEPS, type FirstStep } from './first-steps.ts';
import { t } from './words.ts';

interface FirstStepsProps {
  readonly done: ReadonlySet<FirstStep>;
  /** A target and a job that were made already. */
  readonly target: string | undefined;
  readonly job: string | undefined;
  readonly dismiss: () => void;
}

/** The way from nothing to a job that runs by itself; what has happened is ticked, the next is offered first. */
export const FirstSteps = (props: FirstStepsProps) => {
  const next = () => FIRST_STEPS.find((step) => !props.done.has(step));
  const hrefOf = (step: FirstStep): string => {
    const job = props.job === undefined ? '/jobs' : `/jobs/${encodeURIComponent(props.job)}`;
    const hrefs = {
      credential: '/credentials/new',
      target: props.target === undefined ? '/targets/new' : `/targets/${encodeURIComponent(props.target)}`,
      job: '/templates',
      run: props.job === undefined ? '/jobs' : `${job}/run`,
      schedule: props.job === undefined ? '/schedules/new' : `/schedules/new?job=${encodeURIComponent(props.job)}`,
    } as const satisfies Record<FirstStep, string>;
    return hrefs[step];
  };
  return (
    <section aria-labelledby="first" class="mt-6 max-w-column">
      <h2 id="first" class="text-section font-semibold">
        {t('first.title')}
      </h2>
      <p class="mt-1 text-muted">{t('first.says')}</p>
      <ol class="mt-3 flex flex-col">
        <For each={FIRST_STEPS}>
          {(step, at) => (
            <li class="relative flex items-start gap-3 border-b border-hairline py-3">
              <Show
                when={props.done.has(step)}
                fallback={<CircleDashed size={16} class="tone-pending mt-0.5 shrink-0 text-(--tone)" aria-hidden="true" />}
              >
                <CircleCheck size={16} class="tone-completed mt-0.5 shrink-0 text-(--tone)" aria-label={t('first.done')} />
              </Show>
              <div class="min-w-0 flex-1">
                <p class={props.done.has(step) ? 'text-muted' : 'font-semibold'}>
                  {at() + 1}. {t(`first.${step}`)}
                </p>
                <p class="text-muted">{t(`first.${step}_says`)}</p>
              </div>
              <A class={`button ${next() === step ? 'button-main' : ''}`} href={hrefOf(step)}>
                {t('first.open')} <span class="sr-only">{t(`first.${step}`)}</span>
              </A>
            </li>
          )}
        </For>
      </ol>
      <button type="button" class="link mt-3 min-h-6" onClick={() => props.dismiss()}>
        {t('first.dismiss')}
      </button>
    </section>
  );
};
