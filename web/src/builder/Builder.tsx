import { useNavigate } from '@solidjs/router';
import { useQueryClient } from '@tanstack/solid-query';
import { createMemo, createSignal, type JSX, lazy, onCleanup, Show } from 'solid-js';
import type { Problem } from '#jobs/problem.ts';
import { toast } from '../components/Toasts.tsx';
import { createEffect, Suspense, whenChanged } from '../solid.ts';
import { useSearchState } from '../url/use-search-state.ts';
import { Banners } from './Banners.tsx';
import { BuilderActions } from './BuilderActions.tsx';
import { startDraft } from './draft/draft.ts';
import { keepUp } from './draft/keep-up.ts';
import type { Keeping } from './draft/kept.ts';
import { type Chosen, chosenOf, itemsOf, pathOf, readChosen, troublesOf, writeChosen } from './draft/selection.ts';
import { watchProblems } from './draft/watch-problems.ts';
import { YamlPane } from './editor/YamlPane.tsx';
import { knownFrom } from './expressions/known.ts';
import { focusField, focusForm, focusPalette } from './form/focus.ts';
import { StepForm } from './form/StepForm.tsx';
import { ViewSwitch } from './graph/ViewSwitch.tsx';
import { keyOf } from './keys.ts';
import { Palette } from './palette/Palette.tsx';
import { Panes, useIsWide } from './panes/Panes.tsx';
import { createPanes } from './panes/widths.ts';
import { PlanDialog } from './plan/PlanDialog.tsx';
import { Problems } from './problems/Problems.tsx';
import { ConflictDialog } from './save/ConflictDialog.tsx';
import { SaveDialog } from './save/SaveDialog.tsx';
import { type Base, save } from './save/save.ts';
import { t as says } from './save/words.ts';
import { stepActions } from './steps/actions.ts';
import { StepList } from './steps/StepList.tsx';
import { StepToolbar } from './steps/StepToolbar.tsx';
import { TrialDialog } from './trial/TrialDialog.tsx';
import { SEARCH } from './url.ts';
import type { StepTypeView } from './views.ts';
import { t } from './words.ts';

const DraftGraph = lazy(async () => ({ default: (await import('./graph/DraftGraph.tsx')).DraftGraph }));

/** What the page around the builder shows of it. */
export interface Head {
  readonly state: () => JSX.Element;
  readonly actions: () => JSX.Element;
}

interface BuilderProps {
  /** The job that is edited; null makes a new one. */
  readonly name: string | null;
  readonly base: Base;
  /** Where the draft is kept, and what of it was begun before. */
  readonly keeping: Keeping;
  readonly types: readonly StepTypeView[];
  readonly head: (head: Head | null) => void;
}

/** The builder around one text: palette, steps, form, YAML, problems, and what is done with the whole. */
export const Builder = (props: BuilderProps) => {
  const navigate = useNavigate();
  const queries = useQueryClient();
  const kept = props.keeping.read();
  const [base, setBase] = createSignal(props.base);
  // What a save must match: the version that this draft began from, also when there is a newer one by now.
  const [tag, setTag] = createSignal(kept ? kept.tag : props.base.tag);
  const [isRestored, setRestored] = createSignal(kept !== null && kept.text !== props.base.text);
  const [dialog, setDialog] = createSignal<'save' | 'conflict' | 'plan' | 'test' | null>(null);
  const [said, setSaid] = createSignal('');
  let message = '';

  const search = useSearchState(SEARCH);
  const chosen = createMemo((): Chosen => readChosen(search.value().step), undefined, {
    equals: (one, other) => writeChosen(one) === writeChosen(other),
  });
  const choose = (next: Chosen) => search.change({ step: writeChosen(next) ?? '' }, 'none');
  let isFromText = false;
  const atCursor = (offset: number) => {
    const found = itemsOf(draft.definition()).find(({ list, index }) => {
      const range = draft.places()[list][index];
      return range && range.from <= offset && offset < range.to;
    });
    if (!found || writeChosen(found) === writeChosen(chosen())) return;
    isFromText = true;
    choose(found);
  };
  const draft = startDraft(kept?.text ?? props.base.text, props.base.text, () => known(), atCursor);
  const known = createMemo(() => knownFrom(draft.definition(), props.types));
  const findings = watchProblems(draft);
  const troubles = createMemo(() => troublesOf(findings.all()));
  // What is chosen elsewhere is brought into view in the text.
  whenChanged(
    chosen,
    (now) => {
      if (!isFromText && now.list !== null) draft.mark([now.list, now.index]);
      isFromText = false;
    },
    'later',
  );
  const actions = stepActions(draft, chosen, choose, setSaid);
  const panes = createPanes();
  const isWide = useIsWide(() => search.value().view);
  const [tab, setTab] = createSignal<'form' | 'yaml'>('form');

  const isChanged = createMemo(() => {
    draft.version();
    return !draft.says(base().text);
  });
  const next = () => Math.max(findings.would()?.version ?? 0, base().version + 1);
  const errors = () => findings.all().filter(({ severity }) => severity === 'error').length;
  const isKept = keepUp(draft, props.keeping, () => (draft.text() === base().text ? null : { text: draft.text(), tag: tag() }));
  createEffect(() => draft.refusal() && setSaid(`${t('form.refused')} ${draft.refusal()}`));

  const enterPalette = () => {
    panes.fold('palette', false);
    queueMicrotask(focusPalette);
  };
  const enterForm = () => {
    setTab('form');
    queueMicrotask(focusForm);
  };

  const goTo = async (problem: Problem) => {
    const next = chosenOf(problem.pointer);
    choose(next);
    draft.mark(pathOf(problem.pointer));
    const line = problem.line && Math.min(problem.line, draft.view.state.doc.lines);
    if (line) {
      const at = draft.view.state.doc.line(line).from + Math.max((problem.column ?? 1) - 1, 0);
      draft.view.dispatch({ selection: { anchor: Math.min(at, draft.view.state.doc.line(line).to) }, scrollIntoView: true });
    }
    // The form of what is chosen is drawn once the address says so.
    setTimeout(() => {
      setTab('form');
      if (focusField(problem.pointer)) return;
      setTab('yaml');
      draft.view.focus();
    });
  };

  const saved = async (source: string, text: string, key: string, match: string | null) => {
    const { job, tag: now } = await save({ source, message: text, name: props.name, tag: match, key });
    props.keeping.keep(null);
    const predicate = ({ queryKey }: { readonly queryKey: readonly unknown[] }) => ['jobs', 'job'].includes(String(queryKey[0]));
    // Whoever starts a run at once would start what was known before this save.
    queries.removeQueries({ type: 'inactive', predicate });
    queries.invalidateQueries({ predicate });
    const words =
      props.name === null
        ? says('save.created', job.name)
        : job.is_new_version === false
          ? says('save.same', job.name)
          : says('save.saved', job.name, job.version);
    toast({ says: words, href: `/jobs/${encodeURIComponent(job.name)}`, link: says('save.open') });
    setBase({ text: source, tag: null, version: job.version });
    setRestored(false);
    // Only the state that was saved here may be saved over.
    setTag(now);
    if (props.name === null) navigate(`/jobs/${encodeURIComponent(job.name)}/edit`, { replace: true });
  };

  const whyNoSave = () => (props.name !== null && !isChanged() ? t('builder.same') : undefined);
  const askToSave = () => {
    const why = whyNoSave();
    if (why === undefined) setDialog('save');
    else setSaid(why);
  };
  const onKey = (event: KeyboardEvent) => keyOf(event, draft, askToSave);

  props.head({
    state: () => (
      <span class="flex gap-x-4 whitespace-nowrap">
        <span>{isChanged() || props.name === null ? t('builder.draft') : t('builder.saved', base().version)}</span>
        <Show when={errors() > 0}>
          <span class="tone-failed text-(--tone)">● {t('problems.count', errors())}</span>
        </Show>
        {/* Half-typed text is no news: what says so has its room, and nothing moves under the caret. */}
        <span role="status" class="tone-paused min-w-0 truncate text-(--tone)">
          {draft.isReadable() ? '' : t('builder.unreadable')}
        </span>
      </span>
    ),
    actions: () => (
      <div class="contents" role="group" aria-label={t('builder.actions')} onKeyDown={onKey}>
        <BuilderActions
          draft={draft}
          findings={findings}
          name={props.name}
          next={next()}
          whyNoSave={whyNoSave()}
          chosen={chosen()}
          choose={choose}
          save={askToSave}
          plan={() => setDialog('plan')}
          test={() => setDialog('test')}
        />
      </div>
    ),
  });
  onCleanup(() => props.head(null));

  return (
    <>
      <div class="mt-3 flex min-h-0 flex-1 flex-col" role="group" aria-label={t('builder.panes')} onKeyDown={onKey}>
        <p class="sr-only" role="status">
          {said()}
        </p>
        <Banners
          draft={draft}
          isKept={isKept()}
          isRestored={isRestored()}
          newer={props.name !== null && tag() !== base().tag ? base().version : null}
          discard={() => {
            draft.replace(base().text);
            setTag(base().tag);
            setRestored(false);
          }}
        />
        <Panes
          panes={panes}
          isWide={isWide()}
          tab={tab()}
          setTab={setTab}
          palette={<Palette types={props.types} actions={actions} />}
          stepsHead={
            <>
              <ViewSwitch view={search.value().view} change={(view) => search.change({ view }, 'none')} />
              <StepToolbar actions={actions} chosen={chosen()} />
            </>
          }
          steps={
            <Show
              when={search.value().view === 'graph'}
              fallback={
                <StepList
                  draft={draft}
                  troubles={troubles()}
                  chosen={chosen()}
                  choose={choose}
                  actions={actions}
                  add={enterPalette}
                  enter={enterForm}
                />
              }
            >
              <Suspense>
                <DraftGraph
                  draft={draft}
                  troubles={troubles()}
                  chosen={chosen()}
                  choose={choose}
                  hrefOf={(step) => search.href({ step })}
                  remove={() => actions.remove()}
                />
              </Suspense>
            </Show>
          }
          isFormStill={!draft.isReadable()}
          form={<StepForm draft={draft} known={known()} chosen={chosen()} problems={findings.all()} isNew={props.name === null} />}
          yaml={<YamlPane draft={draft} />}
        />
        <Problems findings={findings} goTo={goTo} />
      </div>
      <SaveDialog
        open={dialog() === 'save'}
        close={() => setDialog((now) => (now === 'save' ? null : now))}
        name={props.name}
        next={next()}
        problems={errors()}
        save={async (text, key) => {
          await draft.settled();
          await saved(draft.text(), text, key, tag());
        }}
        conflict={(text) => {
          message = text;
          setDialog('conflict');
        }}
      />
      <PlanDialog open={dialog() === 'plan'} close={() => setDialog(null)} draft={draft} job={props.name} />
      <TrialDialog open={dialog() === 'test'} close={() => setDialog(null)} draft={draft} step={actions.step()} job={props.name} />
      <ConflictDialog
        open={dialog() === 'conflict'}
        name={props.name ?? ''}
        mine={draft.text()}
        close={() => setDialog(null)}
        keep={async (theirs, key) => {
          await saved(draft.text(), message, key, theirs.tag);
          setDialog(null);
        }}
        take={(theirs) => {
          draft.replace(theirs.text);
          setBase(theirs);
          setTag(theirs.tag);
          setRestored(false);
          setDialog(null);
        }}
      />
    </>
  );
};
