import List from 'lucide-solid/icons/list';
import Workflow from 'lucide-solid/icons/workflow';
import { For } from 'solid-js';
import { t } from '../words.ts';

const VIEWS = [
  { id: 'list', icon: List },
  { id: 'graph', icon: Workflow },
] as const;

export type StepsView = (typeof VIEWS)[number]['id'];

/** Steps as a list or as a graph. */
export const ViewSwitch = (props: { view: StepsView; change: (view: StepsView) => void }) => (
  <div role="group" aria-label={t('view.label')} class="flex gap-1">
    <For each={VIEWS}>
      {({ id, icon: Icon }) => (
        <button
          type="button"
          class={`flex h-8 items-center gap-1 rounded-control px-2 hover:bg-bg2 ${props.view === id ? 'bg-selected font-semibold' : 'text-muted'}`}
          aria-pressed={props.view === id}
          onClick={() => props.change(id)}
        >
          <Icon size={16} aria-hidden="true" />
          {t(`view.${id}`)}
        </button>
      )}
    </For>
  </div>
);
