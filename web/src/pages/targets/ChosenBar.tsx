import X from 'lucide-solid/icons/x';
import { For } from 'solid-js';
import { ActionButton } from '../../components/ActionButton.tsx';
import { IconButton } from '../../components/IconButton.tsx';
import { useSession } from '../../session/session.tsx';
import { CHANGES, type ChangeName } from './ChangeTargets.tsx';
import { t } from './words.ts';

/** What can be done to the chosen targets. */
export const ChosenBar = (props: { count: number; ask: (what: ChangeName | 'test') => void; none: () => void }) => {
  const session = useSession();
  const lacks = (permission: string) => (session.may(permission) ? undefined : permission);
  return (
    <section
      aria-label={t('choose.bar')}
      class="sticky bottom-0 z-20 -mx-4 flex flex-wrap items-center gap-2 border-t border-hairline bg-bg1 px-4 py-2 md:-mx-6 md:px-6"
    >
      <p class="mr-2 font-semibold" role="status">
        {t('choose.count', props.count)}
      </p>
      <ActionButton words={t('targets.test')} lacks={lacks('target:check')} run={() => props.ask('test')} />
      <For each={CHANGES}>
        {(change) => <ActionButton words={t(`change.act_${change}`)} lacks={lacks('target:edit')} run={() => props.ask(change)} />}
      </For>
      <IconButton class="ml-auto" label={t('choose.none')} press={() => props.none()}>
        <X size={16} />
      </IconButton>
    </section>
  );
};
