import { createSignal, Show } from 'solid-js';
import type { JsonObject, JsonSchema } from '#jobs/json.ts';
import { keyOfContent } from '../../api/key-of.ts';
import { ApiProblem } from '../../api/problem.ts';
import { Confirm } from '../../components/Confirm.tsx';
import { Conflict } from '../../form/Conflict.tsx';
import { KeptNote } from '../../form/KeptNote.tsx';
import { useKeptForm, withoutSecrets } from '../../form/kept-form.ts';
import { objectOf } from '../../form/kind.ts';
import { SchemaForm } from '../../form/SchemaForm.tsx';
import { useSession } from '../../session/session.tsx';
import { whenChanged } from '../../solid.ts';
import { t } from './words.ts';

/** What a form is filled from, with the tag of the state it is in; null for something new. */
export interface Filled {
  readonly form: JsonObject;
  readonly tag: string | null;
}

interface FormDialogProps {
  readonly open: boolean;
  /** Names what is typed, to keep it in the tab. */
  readonly place: string;
  readonly title: string;
  readonly act: string;
  readonly schema: JsonSchema;
  readonly filled: Filled;
  readonly permission: string;
  readonly close: () => void;
  /** Sends what was filled in over the state of the tag. */
  readonly run: (form: JsonObject, tag: string | null, key: string) => Promise<unknown>;
  /** Reads what stands there now, for when somebody else was faster. */
  readonly again?: () => Promise<Filled>;
}

/** A form in a dialog: what is typed stays in the tab until it is saved, what the server says against it stands at its fields, what others saved meanwhile beside it. */
export const FormDialog = (props: FormDialogProps) => {
  const session = useSession();
  const kept = useKeptForm(
    () => (props.open ? props.place : null),
    () => props.filled,
    () => props.schema,
  );
  const keyOf = keyOfContent();
  const [theirs, setTheirs] = createSignal<Filled | null>(null);
  const [busy, setBusy] = createSignal(false);
  whenChanged(
    () => props.open,
    () => setTheirs(null),
  );
  const filled = () => Object.fromEntries(Object.entries(kept.form()).filter(([, one]) => one !== '' && one !== undefined));
  /** False: somebody else was faster, and both are shown. */
  const send = async (tag: string | null, key: string): Promise<boolean> => {
    try {
      setTheirs(null);
      await props.run(filled(), tag, key);
      kept.forget();
      return true;
    } catch (error) {
      if (!(error instanceof ApiProblem) || error.status !== 412 || !props.again) throw error;
      setTheirs(await props.again());
      return false;
    }
  };
  const keepMine = async (over: Filled) => {
    setBusy(true);
    const isDone = await send(over.tag, keyOf(JSON.stringify([over.tag, filled()]))).catch(() => setTheirs(over) ?? false);
    setBusy(false);
    if (isDone === true) props.close();
  };
  return (
    <Confirm
      open={props.open}
      title={props.title}
      keep={t('people.leave')}
      act={props.act}
      look="main"
      fieldsFirst
      lacks={session.may(props.permission) ? undefined : props.permission}
      close={props.close}
      run={(key) => send(kept.tag(), key)}
    >
      {(problems) => (
        <>
          <KeptNote isKept={kept.isKept()} startOver={kept.startOver} />
          <SchemaForm schema={props.schema} value={kept.form()} onChange={(next) => kept.change(objectOf(next))} errors={problems()} />
          <Show when={theirs()}>
            {(other) => (
              <Conflict
                mine={withoutSecrets(props.schema, kept.form())}
                theirs={other().form}
                label={(field) => props.schema.properties?.[field]?.title ?? field}
                busy={busy()}
                keep={() => void keepMine(other())}
                take={() => {
                  kept.take(other());
                  setTheirs(null);
                }}
              />
            )}
          </Show>
        </>
      )}
    </Confirm>
  );
};
