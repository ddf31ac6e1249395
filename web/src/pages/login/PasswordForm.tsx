import { createSignal } from 'solid-js';
import { send } from '../../api/client.ts';
import { keyOfContent } from '../../api/key-of.ts';
import { ApiProblem } from '../../api/problem.ts';
import { Field } from '../../components/Field.tsx';
import { t } from '../../words.ts';

const SHORTEST = 12;

/** Changes the reader's own password; the new one is asked twice. */
export const PasswordForm = (props: { done: () => void }) => {
  const [busy, setBusy] = createSignal(false);
  const [errors, setErrors] = createSignal<{ current?: string; next?: string; again?: string }>({});

  const keyOf = keyOfContent();
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    if (busy()) return;
    const entries = new FormData(event.currentTarget as HTMLFormElement);
    const [current, next, again] = ['current', 'next', 'again'].map((name) => String(entries.get(name)));
    if ((next ?? '').length < SHORTEST) return setErrors({ next: t('password.short') });
    if (next !== again) return setErrors({ again: t('password.differ') });
    setBusy(true);
    setErrors({});
    try {
      await send('POST', '/me/password', { current, next }, keyOf(JSON.stringify([current, next])));
      props.done();
    } catch (problem) {
      const found = problem instanceof ApiProblem ? problem.problems.find(({ pointer }) => pointer === '/next') : undefined;
      setErrors(found ? { next: found.message } : { current: (problem as Error).message });
    }
    setBusy(false);
  };

  return (
    <form class="flex flex-col gap-4" onSubmit={submit}>
      <Field label={t('password.current')} error={errors().current}>
        {(ties) => <input {...ties()} name="current" type="password" class="input" autocomplete="current-password" required />}
      </Field>
      <Field label={t('password.next')} hint={t('password.hint')} error={errors().next}>
        {(ties) => <input {...ties()} name="next" type="password" class="input" autocomplete="new-password" required />}
      </Field>
      <Field label={t('password.again')} error={errors().again}>
        {(ties) => <input {...ties()} name="again" type="password" class="input" autocomplete="new-password" required />}
      </Field>
      <button type="submit" class="button button-main" aria-disabled={busy() ? 'true' : undefined} aria-busy={busy() ? 'true' : undefined}>
        {t('password.submit')}
      </button>
    </form>
  );
};
