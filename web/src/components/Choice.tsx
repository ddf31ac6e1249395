import { createUniqueId, For, type JSX, Show } from 'solid-js';

/** One of a few ways to go. */
export interface ChoiceOption<V extends string> {
  readonly value: V;
  readonly label: JSX.Element;
  readonly hint?: string | undefined;
  /** Why it cannot be chosen now. */
  readonly barred?: string | undefined;
}

/** One of a few ways to go, all of them in sight, as radio buttons under a question. */
export const Choice = <V extends string>(props: {
  legend: string;
  options: readonly ChoiceOption<V>[];
  value: V;
  change: (value: V) => void;
}) => {
  const name = createUniqueId();
  return (
    <fieldset class="flex min-w-0 flex-col gap-1">
      <legend class="mb-1 font-semibold">{props.legend}</legend>
      <For each={props.options}>
        {(option) => (
          <label class={`flex min-h-6 items-start gap-2 ${option.barred ? 'text-muted' : ''}`}>
            <input
              type="radio"
              class="mt-0.5 size-4 shrink-0 accent-accent"
              name={name}
              value={option.value}
              checked={props.value === option.value}
              disabled={option.barred !== undefined}
              aria-describedby={option.hint || option.barred ? `${name}-${option.value}` : undefined}
              onChange={() => props.change(option.value)}
            />
            <span class="min-w-0">
              {option.label}
              <Show when={option.barred ?? option.hint}>
                {(says) => (
                  <span id={`${name}-${option.value}`} class="block text-meta text-muted">
                    {says()}
                  </span>
                )}
              </Show>
            </span>
          </label>
        )}
      </For>
    </fieldset>
  );
};
