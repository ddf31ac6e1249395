import X from 'lucide-solid/icons/x';
import { For, Show } from 'solid-js';
import type { RunBulkAction } from '#jobs/bulk.ts';
import { ActionButton } from '../../../components/ActionButton.tsx';
import { IconButton } from '../../../components/IconButton.tsx';
import { useSession } from '../../../session/session.tsx';
import type { RunsChoice } from '../chosen-runs.ts';
import { ExportButton } from '../ExportButton.tsx';
import { t } from '../words.ts';
import { NEEDS, OFFERED } from './actions.ts';

/** Chosen runs that one export names, so that its address stays short. */
const MOST_EXPORTED = 200;

interface BulkBarProps {
  readonly choice: RunsChoice;
  /** How many match, in words. */
  readonly matching: string;
  /** False while nothing narrows the list: then there is no choosing all. */
  readonly isNarrowed: boolean;
  readonly search: string;
  readonly ask: (action: RunBulkAction) => void;
}

/** What can be done to the chosen runs. */
export const BulkBar = (props: BulkBarProps) => {
  const session = useSession();
  const exported = () => (props.choice.isAll() ? props.search : `ids=${[...props.choice.ids()].join(',')}`);
  return (
    <section
      aria-label={t('choose.bar')}
      class="sticky bottom-0 z-20 -mx-4 flex flex-wrap items-center gap-2 border-t border-hairline bg-bg1 px-4 py-2 md:-mx-6 md:px-6"
    >
      <p class="mr-2 font-semibold" role="status">
        {props.choice.isAll() ? t('choose.is_all', props.matching) : t('choose.count', props.choice.count())}
      </p>
      <Show when={!props.choice.isAll()}>
        <ActionButton
          words={t('choose.all', props.matching)}
          barred={props.isNarrowed ? undefined : t('choose.needs_filter')}
          run={props.choice.chooseAll}
        />
      </Show>
      <For each={OFFERED}>
        {(action) => (
          <ActionButton
            words={t(`bulk.${action}`)}
            look={action === 'delete' ? 'danger' : 'plain'}
            lacks={session.may(NEEDS[action]) ? undefined : NEEDS[action]}
            run={() => props.ask(action)}
          />
        )}
      </For>
      <ExportButton
        search={exported()}
        barred={!props.choice.isAll() && props.choice.count() > MOST_EXPORTED ? t('export.chosen_limit', MOST_EXPORTED) : undefined}
      />
      <IconButton class="ml-auto" label={t('choose.clear')} press={() => props.choice.none()}>
        <X size={16} />
      </IconButton>
    </section>
  );
};
