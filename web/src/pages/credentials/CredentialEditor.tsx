import { useNavigate } from '@solidjs/router';
import { useQueryClient } from '@tanstack/solid-query';
import { createMemo, For, Show } from 'solid-js';
import { CREDENTIAL_KINDS, CREDENTIAL_SPECS, type CredentialKind } from '#jobs/credential-kinds.ts';
import type { Json, JsonObject, JsonSchema } from '#jobs/json.ts';
import type { CredentialView } from '../../api/views.ts';
import { ActionButton } from '../../components/ActionButton.tsx';
import { Refusal } from '../../components/Fetched.tsx';
import { Field, type FieldTies } from '../../components/Field.tsx';
import { toast } from '../../components/Toasts.tsx';
import { Conflict } from '../../form/Conflict.tsx';
import { KeptNote } from '../../form/KeptNote.tsx';
import { useKeptForm } from '../../form/kept-form.ts';
import { objectOf } from '../../form/kind.ts';
import { SchemaForm } from '../../form/SchemaForm.tsx';
import type { FormField } from '../../form/settings.ts';
import { useTaggedEditor } from '../../form/tagged-editor.ts';
import { useSession } from '../../session/session.tsx';
import { credentialForm, knownKind } from './credential-form.ts';
import { createCredential, readCredential, replaceCredential, type TaggedCredential } from './queries.ts';
import { t } from './words.ts';

/** What may be shown of a credential and changed with it. */
const openPart = ({
  username,
  description,
  expires_at,
}: {
  readonly username?: Json | undefined;
  readonly description?: Json | undefined;
  readonly expires_at?: Json | undefined;
}): JsonObject => ({
  ...(username && { username }),
  ...(description && { description }),
  ...(expires_at && { expires_at }),
});

/** What is kept in the tab while it is typed: nothing secret. */
const KEPT: JsonSchema = { properties: { name: {}, kind: {}, username: {}, description: {}, expires_at: {} } };

/** A private key has lines, so a password field would spoil it. */
const keyField = ({ pointer, value, change }: FormField) =>
  pointer === '/private_key'
    ? (ties: () => FieldTies) => (
        <textarea
          {...ties()}
          class="input h-40 py-2 font-mono text-table"
          autocomplete="off"
          spellcheck={false}
          value={typeof value === 'string' ? value : ''}
          onInput={(event) => change(event.currentTarget.value === '' ? undefined : event.currentTarget.value)}
        />
      )
    : undefined;

/** What the form is filled from. */
const filledOf = (credential: TaggedCredential | undefined) => ({
  form: { kind: knownKind(credential?.value.kind) ?? 'ssh_key', ...(credential && openPart(credential.value)) },
  tag: credential?.tag ?? null,
});

/** The form of a new credential, or of a new secret for one there is. A secret that is typed lives only here, until it is sent. */
export const CredentialEditor = (props: { credential?: TaggedCredential }) => {
  const session = useSession();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const before = props.credential?.value;
  const isNew = before === undefined;
  const kept = useKeptForm(
    () => `credential.${before?.name ?? ''}`,
    () => filledOf(props.credential),
    () => KEPT,
  );
  const kind = (): CredentialKind => knownKind(kept.form().kind) ?? 'ssh_key';
  const schema = createMemo(() => credentialForm(kind(), isNew));
  const form = createMemo((): JsonObject => {
    const { kind: _, ...rest } = kept.form();
    return rest;
  });
  const asked = (): JsonObject => {
    const names = Object.keys(schema().properties ?? {});
    return { kind: kind(), ...Object.fromEntries(Object.entries(form()).filter(([name, value]) => names.includes(name) && value !== '')) };
  };
  const editor = useTaggedEditor<CredentialView>({
    begun: props.credential,
    keptTag: kept.tag,
    content: asked,
    create: createCredential,
    replace: replaceCredential,
    read: readCredential,
    saved: ({ name }) => {
      kept.take({ form: { kind: kind() }, tag: null });
      void queries.invalidateQueries({ queryKey: ['credentials'] });
      void queries.invalidateQueries({ queryKey: ['credential', name] });
      toast({ says: isNew ? t('credentials.made', name) : t('credentials.replaced', name) });
      navigate(`/credentials/${encodeURIComponent(name)}`);
    },
  });
  const { theirs, problem, problems, busy, save } = editor;

  return (
    <form
      ref={editor.of}
      class="mt-4 flex max-w-column flex-col gap-4"
      novalidate
      autocomplete="off"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <p class="text-muted">{t('credentials.never')}</p>
      <KeptNote isKept={kept.isKept()} startOver={kept.startOver} />
      <Field label={t('credentials.kind')} hint={isNew ? undefined : t('credentials.kind_stays')}>
        {(ties) => (
          <select
            {...ties()}
            class="input"
            disabled={!isNew}
            onChange={(event) => kept.change({ ...kept.form(), kind: event.currentTarget.value })}
          >
            <For each={CREDENTIAL_KINDS}>
              {(one) => (
                <option value={one} selected={one === kind()}>
                  {CREDENTIAL_SPECS[one].title}
                </option>
              )}
            </For>
          </select>
        )}
      </Field>
      <SchemaForm
        schema={schema()}
        value={form()}
        onChange={(value) => kept.change({ kind: kind(), ...objectOf(value) })}
        errors={problems()}
        instead={keyField}
      />
      <Show when={theirs()}>
        {(other) => (
          <Conflict
            mine={openPart(form())}
            theirs={openPart(other().value)}
            label={(field) => schema().properties?.[field]?.title ?? field}
            busy={busy()}
            keep={() => void save(other())}
            take={() => {
              kept.take({ form: { ...kept.form(), ...openPart(other().value) }, tag: other().tag });
              editor.goOnFrom(other());
            }}
          />
        )}
      </Show>
      <Show when={theirs() === null && problems().length === 0 && problem()}>{(error) => <Refusal error={error()} />}</Show>
      <div class="mt-2 flex gap-2">
        <ActionButton
          look="main"
          words={isNew ? t('credentials.create') : t('credentials.replace')}
          busy={busy()}
          lacks={session.may('credential:edit') ? undefined : 'credential:edit'}
          run={() => void save()}
        />
      </div>
    </form>
  );
};
