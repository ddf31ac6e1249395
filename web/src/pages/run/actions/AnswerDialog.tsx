import { createSignal, Show } from 'solid-js';
import type { Json, JsonObject, JsonSchema } from '#jobs/json.ts';
import type { RunView } from '../../../api/views.ts';
import { Confirm } from '../../../components/Confirm.tsx';
import { Field } from '../../../components/Field.tsx';
import { PlainText } from '../../../components/PlainText.tsx';
import { toast } from '../../../components/Toasts.tsx';
import { SchemaForm } from '../../../form/SchemaForm.tsx';
import { readHold } from '../holds/read-hold.ts';
import { dismiss, type SteeredStep } from './desk.ts';
import { answerStep } from './moves.ts';
import { lacking, nameOf } from './names.ts';
import { t } from './words.ts';

/** Asks for a person's answer to a step that waits for approval: its own form when it has one, and a comment. */
export const AnswerDialog = (props: { run: RunView; step: SteeredStep; decision: 'approve' | 'reject' }) => {
  const [form, setForm] = createSignal<Json | undefined>();
  const [comment, setComment] = createSignal('');
  const hold = () => {
    const read = readHold(props.step);
    return read?.kind === 'approval' ? read : null;
  };
  const schema = (): JsonSchema | null => {
    const asked = props.step.hold?.form;
    return props.decision === 'approve' && typeof asked === 'object' && asked !== null && !Array.isArray(asked)
      ? { properties: {}, ...(asked as JsonSchema), type: 'object' }
      : null;
  };
  return (
    <Confirm
      open
      close={dismiss}
      title={t(`${props.decision}.title`, props.step.key, nameOf(props.run))}
      effect={
        <>
          <Show when={hold()?.message}>
            {(message) => (
              <p class="text-text">
                <PlainText text={message()} />
              </p>
            )}
          </Show>
          <p class="mt-1">{t(`${props.decision}.effect`, (hold()?.count ?? 1) - (hold()?.answers.length ?? 0))}</p>
        </>
      }
      keep={t('answer.keep')}
      act={t(`${props.decision}.act`)}
      look={props.decision === 'approve' ? 'main' : 'danger'}
      fieldsFirst
      showsProblems
      lacks={lacking(props.run, 'run:steer')}
      barred={props.step.status === 'waiting' ? undefined : t('answer.over')}
      run={async (key) => {
        const given = (form() ?? (schema() ? {} : null)) as JsonObject | null;
        await answerStep(props.run.id, props.step.key, props.decision, { form: given, comment: comment().trim() }, key);
        toast({ says: t(`${props.decision}.done`, props.step.key) });
      }}
    >
      {(problems) => (
        <>
          <Show when={schema()}>
            {(asked) => (
              <SchemaForm schema={asked()} value={form()} onChange={(value) => setForm(() => value)} errors={problems()} at="/form" />
            )}
          </Show>
          <Field label={t('answer.comment')}>
            {(ties) => (
              <textarea
                {...ties()}
                class="input min-h-16"
                rows={2}
                maxlength={1000}
                data-focus-first={schema() ? undefined : ''}
                value={comment()}
                onInput={(event) => setComment(event.currentTarget.value)}
              />
            )}
          </Field>
        </>
      )}
    </Confirm>
  );
};
