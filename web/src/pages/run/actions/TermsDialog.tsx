import { createSignal, For } from 'solid-js';
import type { JsonObject } from '#jobs/json.ts';
import { keysOf } from '#jobs/problem.ts';
import type { FieldProblem } from '../../../api/problem.ts';
import type { RunView } from '../../../api/views.ts';
import { Confirm } from '../../../components/Confirm.tsx';
import { ReasonField } from '../../../components/ReasonField.tsx';
import { TextField } from '../../../components/TextField.tsx';
import { dismiss, type SteeredStep } from './desk.ts';
import { changeTerms } from './moves.ts';
import { lacking, nameOf } from './names.ts';
import { tellOperated } from './tell-operated.ts';
import { t } from './words.ts';

const TERMS = ['timeout', 'attempts', 'delay', 'backoff', 'max_delay', 'heartbeat'] as const;
const NUMBERS: readonly string[] = ['attempts', 'backoff'];

/** Asks how long a running step may take and how often it may be tried from now on; what is left empty stays. */
export const TermsDialog = (props: { run: RunView; step: SteeredStep }) => {
  const [typed, setTyped] = createSignal<Readonly<Record<string, string>>>({});
  const [reason, setReason] = createSignal('');
  const [missing, setMissing] = createSignal<'nothing' | 'reason' | null>(null);
  const changes = (): JsonObject =>
    Object.fromEntries(
      TERMS.flatMap((name) => {
        const text = typed()[name]?.trim() ?? '';
        const number = Number(text);
        return text === '' ? [] : [[name, NUMBERS.includes(name) && Number.isFinite(number) ? number : text]];
      }),
    );
  const errorAt = (name: string, problems: readonly FieldProblem[]): string | undefined => {
    const own = problems.filter(({ pointer }) => keysOf(pointer)[0] === name).map(({ message }) => message);
    if (own.length > 0) return own.join('\n');
    return name === 'timeout' && missing() === 'nothing' && Object.keys(changes()).length === 0 ? t('terms.nothing') : undefined;
  };
  return (
    <Confirm
      open
      close={dismiss}
      title={t('terms.title', props.step.key, nameOf(props.run))}
      effect={t('terms.effect')}
      keep={t('step.keep')}
      act={t('terms.act')}
      look="main"
      fieldsFirst
      showsProblems
      wide
      lacks={lacking(props.run, 'run:steer')}
      run={async (key) => {
        setMissing(Object.keys(changes()).length === 0 ? 'nothing' : reason().trim() === '' ? 'reason' : null);
        if (missing() !== null) return false;
        const operated = await changeTerms(props.run.id, props.step.key, { ...changes(), reason: reason().trim() }, key);
        tellOperated(operated, t('terms.done', props.step.key));
        return true;
      }}
    >
      {(problems) => (
        <>
          <div class="grid gap-4 md:grid-cols-2">
            <For each={TERMS}>
              {(name, at) => (
                <TextField
                  label={t(`terms.${name}`)}
                  hint={t(`terms.${name}_hint`)}
                  error={errorAt(name, problems())}
                  inputmode={NUMBERS.includes(name) ? 'decimal' : undefined}
                  focusFirst={at() === 0}
                  value={typed()[name] ?? ''}
                  change={(value) => setTyped({ ...typed(), [name]: value })}
                />
              )}
            </For>
          </div>
          <ReasonField
            value={reason()}
            change={setReason}
            required
            error={missing() === 'reason' && reason().trim() === '' ? t('step.reason_missing') : undefined}
          />
        </>
      )}
    </Confirm>
  );
};
