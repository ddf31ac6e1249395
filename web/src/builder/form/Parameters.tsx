import Plus from 'lucide-solid/icons/plus';
import Trash2 from 'lucide-solid/icons/trash';
import { createMemo, createSignal, For, Show, untrack } from 'solid-js';
import type { JsonObject } from '#jobs/json.ts';
import type { Problem } from '#jobs/problem.ts';
import { Field } from '../../components/Field.tsx';
import { IconButton } from '../../components/IconButton.tsx';
import type { Draft } from '../draft/draft.ts';
import type { Known } from '../expressions/known.ts';
import { t } from '../words.ts';
import { Part } from './Part.tsx';
import { PARAMETER } from './schemas.ts';

interface ParametersProps {
  readonly draft: Draft;
  readonly known: Known;
  readonly problems: readonly Problem[];
}

/** What a person is asked at start: each parameter under its name, which can be changed, and the way to one more. */
export const Parameters = (props: ParametersProps) => {
  const all = () => props.draft.definition()?.parameters ?? {};
  // A parameter with another name is still the one that somebody is writing at: its row stays open and keeps the focus.
  const rows = createMemo<readonly Row[]>((before) => {
    const names = Object.keys(all());
    const known = new Map(untrack(() => before.map((row) => [row.name(), row] as const)));
    return names.map((name, at) => {
      const own = known.get(name);
      if (own) return own;
      const there = before.length === names.length ? before[at] : undefined;
      const isRenamed = there !== undefined && !names.includes(untrack(there.name));
      if (isRenamed) there.rename(name);
      return isRenamed ? there : rowOf(name);
    });
  }, []);
  const add = () => {
    let name = 'parameter';
    for (let n = 2; Object.hasOwn(all(), name); n++) name = `parameter_${n}`;
    props.draft.edit([{ kind: 'set', path: ['parameters', name], value: { type: 'string' }, order: BEFORE_STEPS }]);
  };
  return (
    <div class="flex flex-col gap-2">
      <For each={rows()}>{(row) => <Parameter {...props} name={row.name()} names={Object.keys(all())} />}</For>
      <button type="button" class="button self-start" onClick={add}>
        <Plus size={16} />
        {t('form.add_parameter')}
      </button>
    </div>
  );
};

interface Row {
  readonly name: () => string;
  readonly rename: (name: string) => void;
}

const rowOf = (first: string): Row => {
  const [name, rename] = createSignal(first);
  return { name, rename };
};

const BEFORE_STEPS = ['name', 'title', 'description', 'category', 'tags', 'timezone', 'priority', 'parameters'];

const Parameter = (props: ParametersProps & { name: string; names: readonly string[] }) => {
  const [refused, setRefused] = createSignal<string>();
  const value = () => props.draft.definition()?.parameters?.[props.name];
  const rename = (to: string) => {
    const isTaken = to !== props.name && props.names.includes(to);
    setRefused(isTaken ? to : undefined);
    if (!isTaken && to !== '' && to !== props.name) props.draft.edit([{ kind: 'rename', path: ['parameters', props.name], name: to }]);
  };
  const remove = () => props.draft.edit([{ kind: 'remove', path: props.names.length === 1 ? ['parameters'] : ['parameters', props.name] }]);
  return (
    <details class="rounded-control border border-hairline px-3 py-1">
      <summary class="items-baseline gap-2">
        <bdi class="min-w-0 truncate font-mono text-table">{props.name}</bdi>
        <span class="min-w-0 flex-1 truncate text-meta text-muted">{String(value()?.type ?? '')}</span>
      </summary>
      <div class="flex flex-col gap-4 pt-2 pb-2" data-pointer={`/parameters/${props.name}`}>
        <div class="flex items-start gap-2">
          <div class="min-w-0 flex-1">
            <Field label={t('form.parameter')} error={refused() === undefined ? undefined : t('form.name_taken')}>
              {(ties) => (
                <input
                  {...ties()}
                  class="input font-mono text-table"
                  autocomplete="off"
                  value={refused() ?? props.name}
                  onChange={(event) => rename(event.currentTarget.value)}
                />
              )}
            </Field>
          </div>
          <IconButton class="mt-6" label={t('form.remove_parameter', props.name)} press={remove}>
            <Trash2 size={16} />
          </IconButton>
        </div>
        <Show when={value()}>
          {(now) => (
            <Part
              draft={props.draft}
              known={props.known}
              problems={props.problems.filter(({ pointer }) => pointer.startsWith(`/parameters/${props.name}/`))}
              path={['parameters', props.name]}
              schema={PARAMETER}
              value={now() as unknown as JsonObject}
              order={Object.keys(PARAMETER.properties ?? {})}
            />
          )}
        </Show>
      </div>
    </details>
  );
};
