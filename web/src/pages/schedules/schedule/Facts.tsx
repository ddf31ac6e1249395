import { A } from '@solidjs/router';
import { For, type JSX, Show } from 'solid-js';
import { SCHEDULE_DEFAULTS } from '#jobs/schedules/definition.ts';
import { targetWords } from '#jobs/target-words.ts';
import { JsonText } from '../../../components/JsonText.tsx';
import { PlainText } from '../../../components/PlainText.tsx';
import { Timestamp } from '../../../components/Timestamp.tsx';
import { durationWords } from '../../../time/duration.ts';
import type { ScheduleView } from '../views.ts';
import { t } from '../words.ts';

const Fact = (props: { name: string; children: JSX.Element }) => (
  <div class="flex min-w-0 flex-col">
    <dt class="text-meta text-muted">{props.name}</dt>
    <dd class="min-w-0 break-words">{props.children}</dd>
  </div>
);

/** What a schedule says beside its times. */
export const Facts = (props: { schedule: ScheduleView }) => {
  const of = () => props.schedule.definition;
  const goesByClocks = () => of().every === undefined;
  return (
    <section aria-label={t('schedule.facts')} class="mt-4">
      <dl class="grid grid-cols-[repeat(auto-fill,minmax(13rem,1fr))] gap-x-6 gap-y-3">
        <Fact name={t('schedule.job')}>
          <A class="link" href={`/jobs/${encodeURIComponent(of().job)}`}>
            {of().job}
          </A>
          <span class="text-muted">, {t('schedule.job_version', String(of().version ?? 'latest'))}</span>
        </Fact>
        <Fact name={t('schedule.zone')}>{props.schedule.timezone}</Fact>
        <Show when={goesByClocks()}>
          <Fact name={t('schedule.policies')}>
            {t('schedule.gap_of', t(`gap.${of().dst?.gap ?? SCHEDULE_DEFAULTS.gap}`))}
            <br />
            {t('schedule.fold_of', t(`fold.${of().dst?.fold ?? SCHEDULE_DEFAULTS.fold}`))}
          </Fact>
        </Show>
        <Fact name={t('schedule.overlap')}>{t(`overlap.${of().overlap ?? SCHEDULE_DEFAULTS.overlap}`)}</Fact>
        <Fact name={t('schedule.catchup')}>
          {t('schedule.catchup_of', durationWords(of().catchup_window ?? SCHEDULE_DEFAULTS.catchup_window))}
        </Fact>
        <Show when={of().jitter}>
          {(jitter) => <Fact name={t('schedule.jitter')}>{t('schedule.jitter_of', durationWords(jitter()))}</Fact>}
        </Show>
        <Show when={(of().calendars ?? []).length > 0}>
          <Fact name={t('schedule.calendars')}>
            <For each={of().calendars}>
              {({ name, use }) => (
                <span class="block">
                  {t(`use.${use}`)}{' '}
                  <A class="link underline" href={`/calendars/${encodeURIComponent(name)}`}>
                    {name}
                  </A>
                </span>
              )}
            </For>
          </Fact>
        </Show>
        <Show when={of().target}>{(target) => <Fact name={t('schedule.target')}>{targetWords(target())}</Fact>}</Show>
        <Show when={props.schedule.priority}>{(priority) => <Fact name={t('schedule.priority')}>{priority()}</Fact>}</Show>
        <Show when={props.schedule.client}>{(client) => <Fact name={t('schedule.client')}>{client()}</Fact>}</Show>
        <Show when={of().pause_on_failure}>
          <Fact name={t('schedule.on_failure')}>{t('schedule.on_failure_pause')}</Fact>
        </Show>
        <Fact name={t('schedule.plan')}>
          <Show when={props.schedule.plan.is_armed} fallback={t('schedule.plan_not')}>
            <Show when={props.schedule.plan.planned_until} fallback={t('schedule.plan_no_end')}>
              {(until) => (
                <>
                  {t('schedule.plan_until')} <Timestamp at={until()} />
                </>
              )}
            </Show>
            <Show when={props.schedule.plan.is_short}>
              <span class="tone-retrying text-(--tone)">, {t('schedule.plan_short')}</span>
            </Show>
            <Show when={props.schedule.plan.zone_data}>
              {(version) => <span class="text-muted">, {t('schedule.plan_data', version())}</span>}
            </Show>
          </Show>
        </Fact>
        <Fact name={t('schedule.changed')}>
          <Timestamp at={props.schedule.updated_at} /> {props.schedule.updated_by}
        </Fact>
      </dl>
      <Show when={of().note}>
        {(note) => (
          <div class="mt-3 max-w-column">
            <h2 class="text-meta text-muted">{t('schedule.note')}</h2>
            <PlainText text={note()} />
          </div>
        )}
      </Show>
      <Show when={Object.keys(of().parameters ?? {}).length > 0}>
        <div class="mt-3 max-w-column">
          <h2 class="mb-1 text-meta text-muted">{t('schedule.parameters')}</h2>
          <JsonText value={of().parameters ?? {}} label={t('schedule.parameters')} />
        </div>
      </Show>
    </section>
  );
};
