import PanelLeftClose from 'lucide-solid/icons/panel-left-close';
import PanelRightClose from 'lucide-solid/icons/panel-right-close';
import { createSignal, For, type JSX, onCleanup, type ParentProps, Show } from 'solid-js';
import type { StepsView } from '../graph/ViewSwitch.tsx';
import { t } from '../words.ts';
import { Splitter } from './Splitter.tsx';
import type { Pane, PanesState, Sized } from './widths.ts';

/** From which width of the window form and text stand beside each other; a graph needs more room than a list. */
const WIDE = { list: '(min-width: 1280px)', graph: '(min-width: 1800px)' } as const;

/** Whether form and text have room beside each other and beside the steps. */
export const useIsWide = (view: () => StepsView): (() => boolean) => {
  const media = { list: matchMedia(WIDE.list), graph: matchMedia(WIDE.graph) };
  const read = () => ({ list: media.list.matches, graph: media.graph.matches });
  const [isWide, setWide] = createSignal(read());
  const change = () => setWide(read());
  for (const one of Object.values(media)) {
    one.addEventListener('change', change);
    onCleanup(() => one.removeEventListener('change', change));
  }
  return () => isWide()[view()];
};

interface PanesProps {
  readonly panes: PanesState;
  readonly palette: JSX.Element;
  readonly steps: JSX.Element;
  /** How the steps are shown, and what is done with the chosen one. */
  readonly stepsHead: JSX.Element;
  readonly form: JSX.Element;
  /** The form takes nothing now, so that only its box can be scrolled by keys. */
  readonly isFormStill: boolean;
  readonly yaml: JSX.Element;
  readonly isWide: boolean;
  /** Which of form and text is seen where they share a place. */
  readonly tab: 'form' | 'yaml';
  readonly setTab: (tab: 'form' | 'yaml') => void;
}

/** Step types, steps, form and text side by side; edges are dragged, panes folded, and both are kept. */
export const Panes = (props: PanesProps) => {
  const edge = (of: Sized, label: string, left: boolean) => (
    <Splitter label={t('pane.resize', label)} width={props.panes.width(of)} left={left} change={(width) => props.panes.size(of, width)} />
  );
  const edgeOf = (pane: Pane, left: boolean) => <Show when={!props.panes.isFolded(pane)}>{edge(pane, t(`pane.${pane}`), left)}</Show>;
  return (
    <div class="flex min-h-0 flex-1 flex-col gap-6 overflow-y-auto md:flex-row md:gap-2 md:overflow-hidden">
      <Box pane="palette" panes={props.panes} left>
        {props.palette}
      </Box>
      {edgeOf('palette', true)}
      <section class="flex min-w-0 shrink-0 flex-col md:min-w-40 md:flex-1" aria-label={t('pane.steps')}>
        <h2 class="sr-only">{t('pane.steps')}</h2>
        <div class="flex min-h-8 shrink-0 flex-wrap items-center justify-between gap-x-2">{props.stepsHead}</div>
        <div class="min-h-0 pt-1 md:flex-1 md:overflow-y-auto">{props.steps}</div>
      </section>
      <Show
        when={props.isWide}
        fallback={
          <>
            {edge('shared', t(`pane.${props.tab}`), false)}
            <SharedPane {...props} />
          </>
        }
      >
        {edgeOf('form', false)}
        <Box pane="form" panes={props.panes}>
          <div class="min-h-0 flex-1 overflow-y-auto pr-1" tabindex={props.isFormStill ? 0 : undefined}>
            {props.form}
          </div>
        </Box>
        {edgeOf('yaml', false)}
        <Box pane="yaml" panes={props.panes}>
          {props.yaml}
        </Box>
      </Show>
    </div>
  );
};

const TABS = ['form', 'yaml'] as const;

/** Form and text in one place, either of them seen. */
const SharedPane = (props: PanesProps) => {
  let list: HTMLDivElement | undefined;
  const onKey = (event: KeyboardEvent) => {
    if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
    event.preventDefault();
    props.setTab(props.tab === 'form' ? 'yaml' : 'form');
    list?.querySelector<HTMLElement>('[aria-selected=true]')?.focus();
  };
  return (
    <section
      class="flex min-h-80 shrink-0 flex-col max-md:w-full! md:min-h-0"
      style={{ width: `${props.panes.width('shared')}px` }}
      aria-label={t('pane.shared')}
    >
      <div
        ref={list}
        class="flex h-8 shrink-0 items-center gap-4 border-b border-hairline"
        role="tablist"
        aria-label={t('pane.shared')}
        onKeyDown={onKey}
      >
        <For each={TABS}>
          {(name) => (
            <button
              type="button"
              role="tab"
              id={`builder-tab-${name}`}
              aria-selected={props.tab === name}
              aria-controls={`builder-panel-${name}`}
              tabindex={props.tab === name ? 0 : -1}
              class={`-mb-px flex h-8 items-center border-b-2 ${props.tab === name ? 'border-accent font-semibold' : 'border-transparent text-muted'}`}
              onClick={() => props.setTab(name)}
            >
              {t(`pane.${name}`)}
            </button>
          )}
        </For>
      </div>
      <div
        id="builder-panel-form"
        role="tabpanel"
        aria-labelledby="builder-tab-form"
        class={`min-h-0 flex-1 overflow-y-auto pt-3 ${props.tab === 'form' ? '' : 'hidden'}`}
        tabindex={props.isFormStill ? 0 : undefined}
      >
        {props.form}
      </div>
      <div
        id="builder-panel-yaml"
        role="tabpanel"
        aria-labelledby="builder-tab-yaml"
        class={`min-h-0 flex-1 ${props.tab === 'yaml' ? '' : 'hidden'}`}
      >
        {props.yaml}
      </div>
    </section>
  );
};

/** Beside each other, what is folded keeps its button alone; one below the other there is room for its name. */
const Head = (props: { title: string; isFolded: boolean; tools: JSX.Element }) => (
  <div class="flex h-8 shrink-0 items-center gap-2">
    <h2 class={`min-w-0 flex-1 truncate font-semibold ${props.isFolded ? 'md:hidden' : ''}`}>{props.title}</h2>
    {props.tools}
  </div>
);

interface BoxProps {
  readonly pane: Pane;
  readonly panes: PanesState;
  readonly left?: boolean;
}

const Box = (props: ParentProps<BoxProps>) => {
  const isFolded = () => props.panes.isFolded(props.pane);
  const words = () => t(isFolded() ? 'pane.open' : 'pane.fold', t(`pane.${props.pane}`));
  const button = () => (
    <button
      type="button"
      class="icon-button"
      aria-expanded={!isFolded()}
      aria-label={words()}
      title={words()}
      onClick={() => props.panes.fold(props.pane, !isFolded())}
    >
      {props.left ? <PanelLeftClose size={16} /> : <PanelRightClose size={16} />}
    </button>
  );
  return (
    <section
      class={`flex shrink-0 flex-col max-md:w-full! md:min-h-0 ${isFolded() ? '' : 'max-md:min-h-60'} ${props.pane === 'palette' ? 'max-md:max-h-72' : ''}`}
      style={{ width: isFolded() ? '32px' : `${props.panes.width(props.pane)}px` }}
      aria-label={t(`pane.${props.pane}`)}
    >
      <Head title={t(`pane.${props.pane}`)} isFolded={isFolded()} tools={button()} />
      <div class={isFolded() ? 'hidden' : 'flex min-h-0 flex-1 flex-col'}>{props.children}</div>
    </section>
  );
};
