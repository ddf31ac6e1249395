import { useQueryClient } from '@tanstack/solid-query';
import { createSignal, For, lazy, Show } from 'solid-js';
import type { Json } from '#jobs/json.ts';
import { OVERLAP_POLICIES, SCHEDULE_DEFAULTS } from '#jobs/schedules/definition.ts';
import { send } from '../../../api/client.ts';
import { Confirm } from '../../../components/Confirm.tsx';
import { Field } from '../../../components/Field.tsx';
import { ReasonField } from '../../../components/ReasonField.tsx';
import { TextField } from '../../../components/TextField.tsx';
import { toast } from '../../../components/Toasts.tsx';
import { useSession } from '../../../session/session.tsx';
import { Suspense, whenChanged } from '../../../solid.ts';
import { wallWords } from '../../../time/wall.ts';
import { wallAt } from '../../../time/zoned.ts';
import { scheduleAt } from '../queries.ts';
import type { FireView, ScheduleView } from '../views.ts';
import { t } from '../words.ts';

const JobParameters = lazy(async () => ({ default: (await import('../form/JobParameters.tsx')).JobParameters }));

interface TriggerProps {
  readonly schedule: ScheduleView;
  readonly open: boolean;
  readonly close: () => void;
  /** The moment that the run stands for, where it is not the reader's to choose. */
  readonly moment?: string;
}

/** Starts a schedule's job by hand: for now or a moment of choice, with other parameters if need be. */
export const TriggerDialog = (props: TriggerProps) => {
  const session = useSession();
  const queries = useQueryClient();
  const [overlap, setOverlap] = createSignal('');
  const [nominal, setNominal] = createSignal('');
  const [note, setNote] = createSignal('');
  const [parameters, setParameters] = createSignal<Json | undefined>();
  whenChanged(
    () => props.open,
    () => {
      setOverlap('');
      setNominal('');
      setNote('');
      setParameters(undefined);
    },
  );
  const own = () => props.schedule.definition.overlap ?? SCHEDULE_DEFAULTS.overlap;
  const zone = () => props.schedule.timezone;
  const run = async (key: string) => {
    const body = {
      overlap: overlap() || null,
      nominal_time: props.moment ?? (nominal() || null),
      parameters: parameters() ?? null,
      note: note().trim() || null,
    };
    const fire = await send<FireView>('POST', `${scheduleAt(props.schedule.name)}/trigger`, body, key);
    void queries.invalidateQueries({ queryKey: ['schedules'] });
    toast(fire.run ? { says: t('trigger.done'), href: `/runs/${fire.run.id}`, link: t('trigger.open') } : { says: t('trigger.waits') });
  };
  return (
    <Confirm
      open={props.open}
      title={t('trigger.title', props.schedule.name)}
      effect={props.moment ? t('trigger.effect_of', wallWords(wallAt(Date.parse(props.moment), zone())), zone()) : t('trigger.effect')}
      keep={t('trigger.keep')}
      act={t('trigger.act')}
      look="main"
      lacks={session.may('run:start') ? undefined : 'run:start'}
      close={props.close}
      run={run}
    >
      {(problems) => {
        const says = (pointer: string) => problems().find((one) => one.pointer === pointer)?.message;
        return (
          <>
            <Field label={t('trigger.overlap')} error={says('/overlap')}>
              {(ties) => (
                <select {...ties()} class="input" onChange={(event) => setOverlap(event.currentTarget.value)}>
                  <option value="">{t('trigger.overlap_own', t(`overlap.${own()}`))}</option>
                  <For each={OVERLAP_POLICIES}>{(one) => <option value={one}>{t(`overlap.${one}`)}</option>}</For>
                </select>
              )}
            </Field>
            <Show when={!props.moment}>
              <TextField
                label={t('trigger.nominal', zone())}
                error={says('/nominal_time')}
                type="datetime-local"
                value={nominal()}
                change={setNominal}
              />
            </Show>
            <ReasonField label={t('trigger.note')} error={says('/note')} value={note()} change={setNote} />
            <Suspense>
              <JobParameters
                job={props.schedule.job}
                label={t('trigger.parameters')}
                value={parameters()}
                onChange={setParameters}
                errors={problems()}
              />
            </Suspense>
          </>
        );
      }}
    </Confirm>
  );
};
