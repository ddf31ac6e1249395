import { Show } from 'solid-js';
import type { ListedTarget } from '../../api/views.ts';
import { Confirm } from '../../components/Confirm.tsx';
import { useSession } from '../../session/session.tsx';
import { NamesLeft } from './NamesLeft.tsx';
import { t } from './words.ts';

/** Asks before many hosts are connected to: how many, and which not and why. */
export const TestTargets = (props: {
  targets: readonly ListedTarget[];
  close: () => void;
  run: (names: readonly string[]) => Promise<unknown>;
}) => {
  const session = useSession();
  const on = props.targets.filter(({ enabled }) => enabled).map(({ name }) => name);
  const off = props.targets.filter(({ enabled }) => !enabled).map(({ name }) => name);
  return (
    <Confirm
      open
      title={t('test.title', props.targets.length)}
      keep={t('change.keep')}
      act={t('targets.test')}
      look="main"
      lacks={session.may('target:check') ? undefined : 'target:check'}
      barred={on.length === 0 ? t('targets.none_on') : undefined}
      close={props.close}
      run={() => props.run(on)}
      effect={
        <>
          <p>{t('test.effect', on.length)}</p>
          <Show when={off.length > 0}>
            <NamesLeft names={off} why={t('test.off')} />
          </Show>
        </>
      }
    />
  );
};
