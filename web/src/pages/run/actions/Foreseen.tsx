import { For, Show } from 'solid-js';
import type { RerunFacts } from '#jobs/rerun.ts';
import type { RerunPreviewView } from './views.ts';
import { t } from './words.ts';

/** Steps that are listed; the others are counted. */
const MOST_LISTED = 100;

/** What a re-run would reuse of what is recorded, and what runs and why. */
export const Foreseen = (props: { told: RerunPreviewView; refused: string | undefined }) => (
  <section class="rounded-control bg-bg1 px-4 py-3" aria-label={t('foreseen.title')} aria-live="polite">
    <Show when={!props.refused} fallback={<p class="break-words">{props.refused}</p>}>
      <Show when={props.told.facts}>{(facts) => <Facts facts={facts()} />}</Show>
    </Show>
    <For each={props.told.warnings}>{(says) => <p class="mt-1 break-words text-muted">{says}</p>}</For>
  </section>
);

const Facts = (props: { facts: RerunFacts }) => {
  const partly = () => new Map(props.facts.partly.map((one) => [one.step, one]));
  const kept = () => props.facts.kept;
  return (
    <dl class="flex flex-col gap-2 text-table">
      <div>
        <dt class="font-semibold">{t('foreseen.reused', kept().length)}</dt>
        <dd class="break-words text-muted">
          <Show when={kept().length > 0} fallback={t('foreseen.nothing')}>
            {kept().slice(0, MOST_LISTED).join(', ')}
            {kept().length > MOST_LISTED ? ` ${t('foreseen.more', kept().length - MOST_LISTED)}` : ''}
          </Show>
        </dd>
      </div>
      <div>
        <dt class="font-semibold">{t('foreseen.runs', props.facts.runs.length)}</dt>
        <dd>
          <ul class="max-h-40 overflow-y-auto" tabindex="0" aria-label={t('foreseen.runs', props.facts.runs.length)}>
            <For each={props.facts.runs.slice(0, MOST_LISTED)}>
              {({ step, message }) => (
                <li class="break-words">
                  {step}{' '}
                  <span class="text-muted">
                    <Show when={partly().get(step)} fallback={message}>
                      {(part) => t('foreseen.partly', part().of - part().kept, part().of, part().kept)}
                    </Show>
                  </span>
                </li>
              )}
            </For>
            <Show when={props.facts.runs.length > MOST_LISTED}>
              <li class="text-muted">{t('foreseen.more', props.facts.runs.length - MOST_LISTED)}</li>
            </Show>
          </ul>
        </dd>
      </div>
    </dl>
  );
};
