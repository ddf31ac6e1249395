import { For, Show } from 'solid-js';
import type { StepComparison, StepSide } from '#jobs/compare.ts';
import type { FieldChange } from '#jobs/diff/diff-values.ts';
import { nameOfPart } from '#jobs/parts.ts';
import { StatusBadge } from '../../components/StatusBadge.tsx';
import { Changes } from './Changes.tsx';
import { t } from './words.ts';

/** Everything that differs in a step: errors, config, outputs, and its parts one by one. */
export const StepDifference = (props: { step: StepComparison }) => (
  <div class="flex flex-col gap-3">
    <Show when={props.step.left_out}>
      <p class="text-muted">{t('compare.left_out')}</p>
    </Show>
    <Pieces a={props.step.a} b={props.step.b} config={props.step.config} outputs={props.step.outputs} />
    <Show when={props.step.parts}>
      {(parts) => (
        <>
          <p class="text-muted">{t('compare.parts', parts().different, parts().equal)}</p>
          <For each={parts().items}>
            {(part) => (
              <section class="border-l-2 border-hairline pl-3">
                <h4 class="flex flex-wrap items-center gap-x-3">
                  <span class="min-w-0 font-semibold break-words">
                    {part.item === null ? (part.target ?? part.key) : nameOfPart({ item: part.item })}
                  </span>
                  <Ended side={part.a} /> <span aria-hidden="true">→</span> <Ended side={part.b} />
                </h4>
                <Pieces a={part.a} b={part.b} config={part.config} outputs={part.outputs} />
              </section>
            )}
          </For>
          <Show when={parts().different > parts().items.length}>
            <p class="text-muted">{t('compare.parts_more', parts().different - parts().items.length)}</p>
          </Show>
        </>
      )}
    </Show>
  </div>
);

const Ended = (props: { side: StepSide | null }) => (
  <Show when={props.side} fallback={<span class="text-muted">{t('compare.absent')}</span>}>
    {(side) => <StatusBadge status={side().status} />}
  </Show>
);

interface PiecesProps {
  readonly a: StepSide | null;
  readonly b: StepSide | null;
  readonly config: readonly FieldChange[];
  readonly outputs: readonly FieldChange[];
}

/** An error that both have is not told. */
const errorChange = ({ a, b }: PiecesProps): readonly FieldChange[] =>
  a?.error?.message === b?.error?.message
    ? []
    : [
        {
          pointer: '/error',
          ...(a?.error && { before: a.error.message }),
          ...(b?.error && { after: b.error.message }),
        },
      ];

const Pieces = (props: PiecesProps) => (
  <>
    <Show when={errorChange(props).length > 0}>
      <Changes label={t('compare.error')} changes={errorChange(props)} />
    </Show>
    <Show when={props.config.length > 0}>
      <h4 class="text-meta text-muted">{t('compare.config')}</h4>
      <Changes label={t('compare.config')} changes={props.config} />
    </Show>
    <Show when={props.outputs.length > 0}>
      <h4 class="text-meta text-muted">{t('compare.outputs')}</h4>
      <Changes label={t('compare.outputs')} changes={props.outputs} />
    </Show>
  </>
);
