import { createMemo, For, Show } from 'solid-js';
import type { DefinitionDiff } from '#jobs/diff/diff-definitions.ts';
import { visible } from '../../../components/visible.ts';
import { t } from '../words.ts';
import { type Sentence, sentencesOf } from './sentences.ts';

const STEP = 100;
const SIGNS = { added: '+', removed: '−', moved: '↕', changed: '~' } as const;

/** What changed, a sentence each: "step store: timeout 5m → 10m". */
export const Changes = (props: { diff: DefinitionDiff; isSameText: boolean }) => {
  const sentences = createMemo(() => sentencesOf(props.diff));
  return (
    <Show
      when={sentences().length > 0}
      fallback={<p class="text-muted">{t(props.isSameText ? 'versions.identical' : 'versions.same_meaning')}</p>}
    >
      <ul class="flex flex-col gap-1">
        <For each={sentences().slice(0, STEP)}>{(one) => <Line sentence={one} />}</For>
      </ul>
      <Show when={sentences().length > STEP}>
        <p class="mt-1 text-muted">{t('changes.more', sentences().length - STEP)}</p>
      </Show>
    </Show>
  );
};

const subjectWords = ({ subject }: Sentence): string => t(`changes.${subject.sort}`, visible(subject.name));

const Line = (props: { sentence: Sentence }) => (
  <li class="flex gap-2">
    <span class="w-4 shrink-0 text-center font-mono text-muted" aria-hidden="true">
      {SIGNS[props.sentence.kind]}
    </span>
    <span class="min-w-0 break-words">
      <bdi class="font-semibold">{subjectWords(props.sentence)}</bdi>
      <Show when={props.sentence.field}>
        {(field) => (
          <>
            {': '}
            <bdi>{visible(field())}</bdi>
          </>
        )}
      </Show>{' '}
      <Became sentence={props.sentence} />
    </span>
  </li>
);

const Value = (props: { text: string }) => <bdi class="font-mono text-table">{visible(props.text)}</bdi>;

const Became = (props: { sentence: Sentence }) => (
  <>
    <Show when={props.sentence.kind === 'moved'}>{t('changes.moved', props.sentence.before ?? '', props.sentence.after ?? '')}</Show>
    <Show when={props.sentence.kind === 'added'}>
      {t('changes.added')}
      <Show when={props.sentence.after}>
        {(after) => (
          <>
            : <Value text={after()} />
          </>
        )}
      </Show>
    </Show>
    <Show when={props.sentence.kind === 'removed'}>
      {t('changes.removed')}
      <Show when={props.sentence.before}>
        {(before) => (
          <>
            : <Value text={before()} />
          </>
        )}
      </Show>
    </Show>
    <Show when={props.sentence.kind === 'changed'}>
      <Value text={props.sentence.before ?? ''} /> → <Value text={props.sentence.after ?? ''} />
    </Show>
  </>
);
