import { For, Match, Show, Switch } from 'solid-js';
import type { ParameterSchema } from '#jobs/definition.ts';
import { Field } from '../../../components/Field.tsx';
import { t } from '../../../words.ts';
import { controlOf, textOf } from './parameter.ts';

interface ParameterFieldProps {
  readonly name: string;
  readonly schema: ParameterSchema;
  readonly text: string;
  readonly error: string | undefined;
  readonly change: (text: string) => void;
}

/** One parameter, asked for as its schema says. */
export const ParameterField = (props: ParameterFieldProps) => {
  const kind = () => controlOf(props.schema);
  const hint = () => [props.schema.description, kind() === 'json' && t('start.json')].filter(Boolean).join(' · ') || undefined;
  return (
    <Show when={kind() !== 'switch'} fallback={<SwitchField {...props} />}>
      <Field label={props.schema.title ?? props.name} hint={hint()} error={props.error}>
        {(ties) => {
          const shared = () => ({
            ...ties(),
            name: props.name,
            onInput: (event: { currentTarget: { value: string } }) => props.change(event.currentTarget.value),
          });
          return (
            <Switch>
              <Match when={kind() === 'choice'}>
                <select class="input" {...shared()}>
                  <Show when={props.schema.default === undefined}>
                    <option value="" selected={props.text === ''}>
                      {t('start.unset')}
                    </option>
                  </Show>
                  <For each={props.schema.enum}>
                    {(one) => (
                      <option value={textOf(props.schema, one)} selected={props.text === textOf(props.schema, one)}>
                        {textOf(props.schema, one)}
                      </option>
                    )}
                  </For>
                </select>
              </Match>
              <Match when={kind() === 'json' || kind() === 'long'}>
                <textarea
                  class={`input min-h-20 ${kind() === 'json' ? 'font-mono text-table' : ''}`}
                  rows={4}
                  spellcheck={kind() === 'long'}
                  {...shared()}
                  value={props.text}
                />
              </Match>
              <Match when={true}>
                <input
                  class="input"
                  type={kind() === 'secret' ? 'password' : 'text'}
                  inputmode={kind() === 'number' ? 'decimal' : undefined}
                  autocomplete="off"
                  {...shared()}
                  value={props.text}
                />
              </Match>
            </Switch>
          );
        }}
      </Field>
    </Show>
  );
};

const SwitchField = (props: ParameterFieldProps) => (
  <div class="flex flex-col gap-1">
    <label class="flex min-h-6 items-center gap-2 font-semibold">
      <input
        type="checkbox"
        name={props.name}
        class="size-4 accent-accent"
        checked={props.text === 'true'}
        onChange={(event) => props.change(String(event.currentTarget.checked))}
      />
      {props.schema.title ?? props.name}
    </label>
    <Show when={props.schema.description}>
      <p class="text-meta text-muted">{props.schema.description}</p>
    </Show>
    <Show when={props.error}>
      <p class="tone-failed text-(--tone)">{props.error}</p>
    </Show>
  </div>
);
