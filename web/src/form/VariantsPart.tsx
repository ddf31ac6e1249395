import { createMemo, createSignal, For, Show } from 'solid-js';
import type { JsonSchema } from '#jobs/json.ts';
import { FormGroup } from './FormGroup.tsx';
import { FormPart, type KnownPartProps } from './FormPart.tsx';
import { blankOf, resolvedIn, variantAt, variantsOf } from './kind.ts';
import { problemsBelow } from './problems.ts';
import { useForm } from './settings.ts';
import { t, typeWords } from './words.ts';

/** A value that may take several forms: which one, and then the value in it. */
export const VariantsPart = (props: KnownPartProps) => {
  const form = useForm();
  const variants = createMemo(() => variantsOf(props.schema).map((variant) => resolvedIn(form.root(), variant)));
  // What is taken when nothing is given is told beside the choice of the form.
  const asked = createMemo(() => variants().map(({ default: _, ...variant }): JsonSchema => variant));
  const [picked, setPicked] = createSignal<number>();
  const at = createMemo(() => {
    const found = variantAt(variants(), props.value);
    return found >= 0 ? found : props.value === undefined ? (picked() ?? -1) : (picked() ?? 0);
  });
  const pick = (index: number) => {
    setPicked(index < 0 ? undefined : index);
    const variant = variants()[index];
    props.change(variant === undefined ? undefined : blankOf(variant));
  };
  return (
    <FormGroup {...props} error={at() < 0 ? problemsBelow(form.problems(), props.pointer) : undefined}>
      <div class="flex flex-col gap-2">
        <select
          class="input"
          aria-label={t('form.variant', props.label)}
          aria-invalid={at() < 0 && problemsBelow(form.problems(), props.pointer) ? 'true' : undefined}
          onChange={(event) => pick(event.currentTarget.value === '' ? -1 : Number(event.currentTarget.value))}
        >
          <option value="" selected={at() < 0}>
            {t('form.unset')}
          </option>
          <For each={variants()}>
            {(variant, index) => (
              <option value={index()} selected={at() === index()}>
                {typeWords(variant)}
              </option>
            )}
          </For>
        </select>
        <Show when={asked()[at()]} keyed>
          {(variant) => (
            <FormPart
              schema={variant}
              pointer={props.pointer}
              label={typeWords(variant)}
              value={props.value}
              change={props.change}
              required
            />
          )}
        </Show>
      </div>
    </FormGroup>
  );
};
