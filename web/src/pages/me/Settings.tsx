import { createSignal, type JSX, Show } from 'solid-js';
import { Checkbox } from '../../components/Checkbox.tsx';
import { Choice } from '../../components/Choice.tsx';
import { Field } from '../../components/Field.tsx';
import { ZonePicker } from '../../components/ZonePicker.tsx';
import { usePreferences } from '../../preferences/preferences.ts';
import { DENSITIES, isZone, RUN_TABS, THEMES } from '../../preferences/read.ts';
import { machineZone } from '../../time/clock.ts';
import { t } from './words.ts';

/** How the page looks and behaves for the reader; each choice takes effect at once. */
export const Settings = () => {
  const { now, change } = usePreferences();
  const [own, setOwn] = createSignal(now().zone !== null);
  const [refused, setRefused] = createSignal('');
  const chooseZone = (zone: string) => {
    setRefused(isZone(zone) ? '' : zone);
    if (isZone(zone)) change({ zone });
  };
  return (
    <div class="flex min-w-0 flex-col gap-8">
      <Section title={t('me.look')}>
        <Choice
          legend={t('me.theme')}
          value={now().theme}
          options={THEMES.map((value) => ({ value, label: t(`me.theme_${value}`) }))}
          change={(theme) => change({ theme })}
        />
        <Choice
          legend={t('me.density')}
          value={now().density}
          options={DENSITIES.map((value) => ({ value, label: t(`me.density_${value}`) }))}
          change={(density) => change({ density })}
        />
      </Section>
      <Section title={t('me.time')}>
        <Choice
          legend={t('me.zone')}
          value={own() ? 'own' : 'machine'}
          options={[
            { value: 'machine', label: t('me.zone_machine', machineZone) },
            { value: 'own', label: t('me.zone_own') },
          ]}
          change={(choice) => {
            setOwn(choice === 'own');
            change({ zone: choice === 'own' ? machineZone : null });
          }}
        />
        <Show when={own()}>
          <div class="max-w-login">
            <Field label={t('me.zone_name')} error={refused() ? t('me.zone_unknown', refused()) : undefined}>
              {(ties) => <ZonePicker ties={ties()} value={now().zone ?? machineZone} onChange={chooseZone} />}
            </Field>
          </div>
        </Show>
      </Section>
      <Section title={t('me.work')}>
        <Field label={t('me.run_tab')}>
          {(ties) => (
            <select
              {...ties()}
              class="input max-w-login"
              value={now().run_tab}
              onChange={(event) => change({ run_tab: RUN_TABS.find((tab) => tab === event.currentTarget.value) ?? 'timeline' })}
            >
              {RUN_TABS.map((tab) => (
                <option value={tab}>{t(`me.run_tab_${tab}`)}</option>
              ))}
            </select>
          )}
        </Field>
        <div>
          <Checkbox label={t('me.keys')} checked={now().single_keys} change={(single_keys) => change({ single_keys })} />
          <p class="mt-1 ml-6 text-meta text-muted">{t('me.keys_hint')}</p>
        </div>
      </Section>
    </div>
  );
};

const Section = (props: { title: string; children: JSX.Element }) => (
  <section class="flex flex-col gap-4">
    <h2 class="text-section font-semibold">{props.title}</h2>
    {props.children}
  </section>
);
