import { lazy, Match, type ParentProps, Show, Switch } from 'solid-js';
import { ApiProblem } from '../../api/problem.ts';
import { Refusal } from '../../components/Fetched.tsx';
import { Logo } from '../../frame/Logo.tsx';
import { useSession } from '../../session/session.tsx';
import { createEffect } from '../../solid.ts';
import { t } from '../../words.ts';

// Who is logged in needs neither.
const LoginForm = lazy(async () => ({ default: (await import('./LoginForm.tsx')).LoginForm }));
const PasswordForm = lazy(async () => ({ default: (await import('./PasswordForm.tsx')).PasswordForm }));
const LoginAgain = lazy(async () => ({ default: (await import('./LoginAgain.tsx')).LoginAgain }));

/** Lets through whoever is logged in with a password of their own; a session that ends later is taken up again over the page. */
export const Gate = (props: ParentProps) => {
  const session = useSession();
  const refused = () => session.error() instanceof ApiProblem && (session.error() as ApiProblem).status === 401;
  return (
    <Switch>
      <Match when={session.me()?.must_change_password}>
        <Column title={t('password.title')} says={t('password.forced')}>
          <PasswordForm done={() => void session.reload()} />
        </Column>
      </Match>
      <Match when={session.me()}>
        {props.children}
        <Show when={session.ended()}>
          <LoginAgain user={session.me()?.user.name ?? ''} />
        </Show>
      </Match>
      <Match when={refused()}>
        <Column title={t('login.title')}>
          <LoginForm />
        </Column>
      </Match>
      <Match when={session.asked() && session.error()}>
        {(error) => (
          <Column title={t('app.name')}>
            <Refusal error={error()} retry={() => void session.reload()} />
          </Column>
        )}
      </Match>
    </Switch>
  );
};

const Column = (props: ParentProps<{ title: string; says?: string }>) => {
  createEffect(() => {
    document.title = `${props.title} · ${t('app.name')}`;
  });
  return (
    <main class="mx-auto flex min-h-full max-w-login flex-col px-4 pt-12 pb-12 md:pt-32">
      <p class="mb-8 flex items-center gap-3 text-title font-semibold">
        <Logo class="size-8 shrink-0 text-accent" />
        {t('app.name')}
      </p>
      <h1 class="mb-4 text-section font-semibold">{props.title}</h1>
      <Show when={props.says}>
        <p class="mb-4 text-muted">{props.says}</p>
      </Show>
      {props.children}
    </main>
  );
};
