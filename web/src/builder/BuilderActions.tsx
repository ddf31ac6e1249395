import { useNavigate } from '@solidjs/router';
import { Show } from 'solid-js';
import { useActions } from '../actions/actions.tsx';
import { ActionButton } from '../components/ActionButton.tsx';
import { useSession } from '../session/session.tsx';
import type { Draft } from './draft/draft.ts';
import { type Chosen, itemsOf, writeChosen } from './draft/selection.ts';
import type { Findings } from './draft/watch-problems.ts';
import { t } from './words.ts';

interface BuilderActionsProps {
  readonly draft: Draft;
  readonly findings: Findings;
  readonly name: string | null;
  readonly next: number;
  /** Why there is nothing to save. */
  readonly whyNoSave: string | undefined;
  readonly chosen: Chosen;
  readonly choose: (chosen: Chosen) => void;
  readonly save: () => void;
  readonly plan: () => void;
  readonly test: () => void;
}

/** What is done with the whole draft, as buttons and for palette and keys. */
export const BuilderActions = (props: BuilderActionsProps) => {
  const session = useSession();
  const navigate = useNavigate();
  const lacks = () => (session.may('job:edit') ? undefined : 'job:edit');
  const lacksStart = () => (session.may('run:start') ? undefined : 'run:start');
  const whyNoTest = () => (props.chosen.list === 'steps' ? undefined : t('builder.test_choose'));
  const saveWords = () => (props.name === null ? t('builder.create') : t('builder.save', props.next));
  const step = (by: number) => {
    const items = itemsOf(props.draft.definition());
    const at = items.findIndex((one) => writeChosen(one) === writeChosen(props.chosen));
    const next = items[at + by];
    if (next) props.choose(next);
  };
  const start = () => navigate(`/jobs/${encodeURIComponent(props.name ?? '')}/run`);
  useActions(() => [
    ...(props.name === null ? [] : [{ id: 'builder.start', words: t('builder.start'), run: start, denied: lacksStart() }]),
    { id: 'builder.save', words: saveWords(), run: props.save, denied: lacks() },
    { id: 'builder.check', words: t('builder.check'), run: () => props.findings.check() },
    { id: 'builder.plan', words: t('builder.plan'), run: props.plan, denied: lacksStart() },
    { id: 'builder.test', words: t('builder.test'), run: () => whyNoTest() === undefined && props.test(), denied: lacksStart() },
    { id: 'builder.undo', words: t('builder.undo'), run: props.draft.undo },
    { id: 'builder.redo', words: t('builder.redo'), run: props.draft.redo },
    { id: 'builder.previous', words: '', key: '[', quiet: true, run: () => step(-1) },
    { id: 'builder.next', words: '', key: ']', quiet: true, run: () => step(1) },
  ]);
  return (
    <>
      <ActionButton
        words={t('builder.check')}
        busyWords={t('builder.checking')}
        busy={props.findings.busy()}
        run={() => props.findings.check()}
      />
      <ActionButton words={t('builder.plan')} lacks={lacksStart()} run={props.plan} />
      <ActionButton words={t('builder.test')} lacks={lacksStart()} barred={whyNoTest()} run={props.test} />
      <ActionButton
        words={t('builder.undo')}
        barred={props.draft.canUndo() ? undefined : t('builder.nothing_done')}
        run={() => props.draft.undo()}
      />
      <Show when={saveWords()}>
        {(words) => <ActionButton look="main" words={words()} lacks={lacks()} barred={props.whyNoSave} run={props.save} />}
      </Show>
    </>
  );
};
