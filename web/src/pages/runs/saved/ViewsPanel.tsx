import PanelLeftClose from 'lucide-solid/icons/panel-left-close';
import PanelLeftOpen from 'lucide-solid/icons/panel-left-open';
import { lazy, Show } from 'solid-js';
import { usePreferences } from '../../../preferences/preferences.ts';
import { Suspense } from '../../../solid.ts';
import { layers } from '../late-parts.ts';
import type { SavedView } from '../views.ts';
import { t } from '../words.ts';

const PANEL = 'runs.views';

const Views = lazy(async () => ({ default: (await layers()).Views }));

/** The views beside the list, as the reader left them: folded away or not. It is drawn only where there is room. */
export const ViewsPanel = (props: { search: string; edit: (view: SavedView) => void }) => {
  const { now, change } = usePreferences();
  const isFolded = () => now().folded.includes(PANEL);
  const toggle = () => change({ folded: isFolded() ? now().folded.filter((one) => one !== PANEL) : [...now().folded, PANEL] });
  return (
    <aside class={`flex shrink-0 flex-col border-r border-hairline ${isFolded() ? 'w-8' : 'w-52 pr-3'}`} aria-label={t('views.panel')}>
      <div class="flex h-8 items-center justify-between">
        <Show when={!isFolded()}>
          <h2 class="px-2 font-semibold">{t('views.panel')}</h2>
        </Show>
        <button
          type="button"
          class="icon-button size-6"
          title={isFolded() ? t('views.unfold') : t('views.fold')}
          aria-label={isFolded() ? t('views.unfold') : t('views.fold')}
          aria-expanded={!isFolded()}
          onClick={toggle}
        >
          <Show when={isFolded()} fallback={<PanelLeftClose size={16} />}>
            <PanelLeftOpen size={16} />
          </Show>
        </button>
      </div>
      <Show when={!isFolded()}>
        <div class="min-h-0 flex-1 overflow-y-auto text-table">
          <Suspense>
            <Views search={props.search} edit={props.edit} />
          </Suspense>
        </div>
      </Show>
    </aside>
  );
};
