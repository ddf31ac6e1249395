import { useNavigate } from '@solidjs/router';
import { useQueryClient } from '@tanstack/solid-query';
import { createMemo, Show } from 'solid-js';
import type { JsonSchema } from '#jobs/json.ts';
import { credentialsQuery } from '../../api/queries.ts';
import { useQuery } from '../../api/use-query.ts';
import type { Target } from '../../api/views.ts';
import { ActionButton } from '../../components/ActionButton.tsx';
import { Fetched, isLoaded, Refusal } from '../../components/Fetched.tsx';
import { toast } from '../../components/Toasts.tsx';
import { Conflict } from '../../form/Conflict.tsx';
import { KeptNote } from '../../form/KeptNote.tsx';
import { useKeptForm } from '../../form/kept-form.ts';
import { objectOf } from '../../form/kind.ts';
import { SchemaForm } from '../../form/SchemaForm.tsx';
import { useTaggedEditor } from '../../form/tagged-editor.ts';
import { useSession } from '../../session/session.tsx';
import { createTarget, readTarget, replaceTarget, targetSchemaQuery } from './queries.ts';
import { contentOf, formOf, targetForm } from './target-form.ts';
import type { TaggedTarget } from './views.ts';
import { t } from './words.ts';

/** The form of a new target, or of one there is with the tag of its state; what the server says against it stands at the field. */
export const TargetEditor = (props: { target?: TaggedTarget }) => {
  const schema = useQuery(() => targetSchemaQuery());
  return (
    <Fetched query={schema} skeleton="h-96">
      {(found) => <Form schema={found()} target={props.target} />}
    </Fetched>
  );
};

/** What the form is filled from. */
const filledOf = (target: TaggedTarget | undefined) => ({ form: target ? formOf(target.value) : {}, tag: target?.tag ?? null });

const Form = (props: { schema: JsonSchema; target: TaggedTarget | undefined }) => {
  const session = useSession();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const credentials = useQuery(() => ({ ...credentialsQuery(), enabled: session.may('credential:read') }));
  const isNew = props.target === undefined;
  const schema = createMemo(() => targetForm(props.schema, isNew));
  const kept = useKeptForm(
    () => `target.${props.target?.value.name ?? ''}`,
    () => filledOf(props.target),
    schema,
  );
  const choices = (pointer: string) =>
    pointer === '/credential' && isLoaded(credentials)
      ? {
          items: (credentials.data?.items ?? []).map(({ name }) => name),
          error: undefined,
          again: () => void credentials.refetch(),
          strict: !credentials.data?.isCut,
        }
      : undefined;

  const editor = useTaggedEditor<Target>({
    begun: props.target,
    keptTag: kept.tag,
    content: (over) => (over ? contentOf(kept.form(), over.value) : kept.form()),
    create: createTarget,
    replace: replaceTarget,
    read: readTarget,
    saved: ({ name }) => {
      kept.forget();
      void queries.invalidateQueries({ queryKey: ['targets'] });
      void queries.invalidateQueries({ queryKey: ['target', name] });
      toast({ says: isNew ? t('targets.made', name) : t('targets.saved', name) });
      navigate(`/targets/${encodeURIComponent(name)}`);
    },
  });
  const { theirs, problem, problems, busy, save } = editor;

  return (
    <form
      ref={editor.of}
      class="mt-4 flex max-w-column flex-col gap-6"
      novalidate
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <KeptNote isKept={kept.isKept()} startOver={kept.startOver} />
      <SchemaForm
        schema={schema()}
        value={kept.form()}
        onChange={(value) => kept.change(objectOf(value))}
        errors={problems()}
        choices={choices}
      />
      <Show when={theirs()}>
        {(other) => (
          <Conflict
            mine={kept.form()}
            theirs={formOf(other().value)}
            label={(field) => schema().properties?.[field]?.title ?? field}
            busy={busy()}
            keep={() => void save(other())}
            take={() => {
              editor.goOnFrom(other());
              kept.take(filledOf(other()));
            }}
          />
        )}
      </Show>
      <Show when={theirs() === null && problems().length === 0 && problem()}>{(error) => <Refusal error={error()} />}</Show>
      <div class="flex gap-2">
        <ActionButton
          look="main"
          words={isNew ? t('targets.create') : t('targets.save')}
          busy={busy()}
          lacks={session.may('target:edit') ? undefined : 'target:edit'}
          run={() => void save()}
        />
      </div>
    </form>
  );
};
