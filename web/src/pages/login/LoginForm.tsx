import { createSignal, Show } from 'solid-js';
import { ApiProblem } from '../../api/problem.ts';
import { Field } from '../../components/Field.tsx';
import { useSession } from '../../session/session.tsx';
import { onMount } from '../../solid.ts';
import { t } from '../../words.ts';

/** User and password; the error of a refused login stands above the button. */
export const LoginForm = (props: { user?: string }) => {
  const session = useSession();
  const [busy, setBusy] = createSignal(false);
  const [error, setError] = createSignal('');
  let form: HTMLFormElement | undefined;
  onMount(() => form?.querySelector<HTMLInputElement>(props.user ? '[name=password]' : '[name=user]')?.focus());

  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    if (busy()) return;
    const entries = new FormData(event.currentTarget as HTMLFormElement);
    setBusy(true);
    setError('');
    try {
      await session.signIn(String(entries.get('user')), String(entries.get('password')));
    } catch (problem) {
      setError(problem instanceof ApiProblem && problem.status === 401 ? t('login.refused') : (problem as Error).message);
    }
    setBusy(false);
  };

  return (
    <form ref={form} class="flex flex-col gap-4" onSubmit={submit}>
      <Field label={t('login.user')}>
        {(ties) => <input {...ties()} name="user" class="input" autocomplete="username" required value={props.user ?? ''} />}
      </Field>
      <Field label={t('login.password')}>
        {(ties) => (
          <input {...ties()} data-focus-first="" name="password" type="password" class="input" autocomplete="current-password" required />
        )}
      </Field>
      <Show when={error()}>
        <p role="alert" class="tone-failed break-words text-(--tone)">
          {error()}
        </p>
      </Show>
      <button type="submit" class="button button-main" aria-disabled={busy() ? 'true' : undefined} aria-busy={busy() ? 'true' : undefined}>
        {t('login.submit')}
      </button>
    </form>
  );
};
