import { A } from '@solidjs/router';
import { createMemo, Match, Show, Switch } from 'solid-js';
import type { DefinitionDiff } from '#jobs/diff/diff-definitions.ts';
import type { ListDiff } from '#jobs/diff/diff-lists.ts';
import type { FieldChange } from '#jobs/diff/diff-values.ts';
import { pointerTo } from '#jobs/problem.ts';
import { Changes } from './Changes.tsx';
import type { ComparisonView } from './views.ts';
import { t } from './words.ts';

/** Changes that are listed; the versions page of the job has them all. */
const MOST_LISTED = 200;

const listsOf = ({ fields: _, ...lists }: DefinitionDiff): readonly (readonly [string, ListDiff])[] =>
  Object.entries(lists).flatMap(([name, list]) => (list ? [[name, list as ListDiff] as const] : []));

/** Everything that differs in two definitions, by its place; an entry that only one has stands as a whole. */
const changesOf = (definition: DefinitionDiff): readonly FieldChange[] => [
  ...definition.fields,
  ...listsOf(definition).flatMap(([name, list]) => {
    const at = (id: string) => pointerTo(`/${name}`, id);
    return [
      ...list.changed.flatMap(({ id, fields }) => fields.map((change) => ({ ...change, pointer: at(id) + change.pointer }))),
      ...list.removed.map(({ id, value }) => ({ pointer: at(id), before: value })),
      ...list.added.map(({ id, value }) => ({ pointer: at(id), after: value })),
    ];
  }),
];

/** Whether the runs followed the same definition, what differs where they did not, and the way to how it changed. */
export const DefinitionFacts = (props: { found: ComparisonView }) => {
  const versions = (): readonly [number, number] | null => {
    const { a, b } = props.found;
    return a.job === b.job && a.version !== null && b.version !== null && a.version !== b.version ? [a.version, b.version] : null;
  };
  const changes = createMemo(() => (props.found.definition ? changesOf(props.found.definition) : []));
  const moved = () => (props.found.definition ? listsOf(props.found.definition).flatMap(([, list]) => list.moved.map(({ id }) => id)) : []);
  return (
    <Switch>
      <Match when={!props.found.definition_known}>
        <p class="text-muted">{t('compare.definition_unknown')}</p>
      </Match>
      <Match when={props.found.definition === null}>
        <p class="text-muted">{t('compare.definition_same')}</p>
      </Match>
      <Match when={true}>
        <div class="flex flex-col gap-2">
          <Show when={versions()}>
            {(pair) => (
              <A class="link self-start" href={`/jobs/${encodeURIComponent(props.found.a.job)}/versions?from=${pair()[0]}&to=${pair()[1]}`}>
                {t('compare.version_diff', pair()[0], pair()[1])}
              </A>
            )}
          </Show>
          <Changes label={t('compare.definition')} changes={changes().slice(0, MOST_LISTED)} />
          <Show when={changes().length > MOST_LISTED}>
            <p class="text-muted">{t('compare.log_more', changes().length - MOST_LISTED)}</p>
          </Show>
          <Show when={moved().length > 0}>
            <p>{t('compare.definition_moved', moved().join(', '))}</p>
          </Show>
        </div>
      </Match>
    </Switch>
  );
};
