import { A, useNavigate, useParams } from '@solidjs/router';
import { useQueryClient } from '@tanstack/solid-query';
import { createSignal, For, type JSX, Show } from 'solid-js';
import { useActions } from '../../actions/actions.tsx';
import { useQuery } from '../../api/use-query.ts';
import type { Target } from '../../api/views.ts';
import { ActionButton } from '../../components/ActionButton.tsx';
import { Confirm } from '../../components/Confirm.tsx';
import { Fetched, isLoaded, Refusal } from '../../components/Fetched.tsx';
import { PlainText } from '../../components/PlainText.tsx';
import { type Column, Table } from '../../components/Table.tsx';
import { Timestamp } from '../../components/Timestamp.tsx';
import { toast } from '../../components/Toasts.tsx';
import { Page } from '../../frame/Page.tsx';
import { useSession } from '../../session/session.tsx';
import { addressOf } from './address.ts';
import { CheckMark } from './CheckMark.tsx';
import { HostKeys } from './HostKeys.tsx';
import { checksQuery, deleteTarget, targetQuery, testTargets } from './queries.ts';
import { Stages } from './Stages.tsx';
import type { Check } from './views.ts';
import { t } from './words.ts';

/** One target: its settings, whether it can be reached now, its host keys, and earlier looks at it. */
export const TargetPage = () => {
  const params = useParams<{ name: string }>();
  // What was found of one target is not shown under another's name.
  return (
    <Show when={params.name} keyed>
      {(name) => <OneTarget name={name} />}
    </Show>
  );
};

const OneTarget = (props: { name: string }) => {
  const target = useQuery(() => targetQuery(props.name));
  return (
    <Show
      when={isLoaded(target) && target.data}
      fallback={
        <Page title={props.name} trail={[{ word: t('targets.title'), href: '/targets' }]}>
          <Fetched query={target} skeleton="h-96">
            {() => null}
          </Fetched>
        </Page>
      }
    >
      {(found) => <OpenTarget target={found().value} failed={target.error} again={() => void target.refetch()} />}
    </Show>
  );
};

const OpenTarget = (props: { target: Target; failed: Error | null; again: () => void }) => {
  const session = useSession();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const checks = useQuery(() => checksQuery(props.target.name));
  const [newest, setNewest] = createSignal<Check | null>(null);
  const [pending, setPending] = createSignal(false);
  const [problem, setProblem] = createSignal<Error | null>(null);
  const [busy, setBusy] = createSignal(false);
  const [deleting, setDeleting] = createSignal(false);
  const lacks = (permission: string) => (session.may(permission) ? undefined : permission);
  const path = () => `/targets/${encodeURIComponent(props.target.name)}`;

  const test = async () => {
    if (busy()) return;
    setBusy(true);
    setProblem(null);
    try {
      const report = await testTargets([props.target.name]);
      setNewest(report.items[0] ?? null);
      setPending(report.pending.length > 0);
    } catch (error) {
      setProblem(error as Error);
    }
    setBusy(false);
    void queries.invalidateQueries({ queryKey: ['checks', props.target.name] });
    void queries.invalidateQueries({ queryKey: ['targets'] });
  };
  const remove = async (key: string) => {
    await deleteTarget(props.target.name, key);
    void queries.invalidateQueries({ queryKey: ['targets'] });
    toast({ says: t('targets.deleted', props.target.name) });
    navigate('/targets');
  };

  useActions(() => [
    { id: 'target.test', words: t('targets.test'), run: () => void test(), denied: lacks('target:check') },
    { id: 'target.edit', words: t('targets.edit'), run: () => navigate(`${path()}/edit`), denied: lacks('target:edit') },
    { id: 'target.delete', words: t('targets.delete'), run: () => setDeleting(true), denied: lacks('target:edit') },
  ]);

  return (
    <Page
      title={props.target.name}
      trail={[{ word: t('targets.title'), href: '/targets' }]}
      state={
        <span class="flex flex-wrap gap-x-4">
          <span>{props.target.kind}</span>
          <span class="font-mono">{addressOf(props.target)}</span>
          <Show when={!props.target.enabled}>
            <span>{t('targets.off')}</span>
          </Show>
        </span>
      }
      actions={
        <>
          <ActionButton words={t('targets.delete')} lacks={lacks('target:edit')} run={() => setDeleting(true)} />
          <ActionButton words={t('targets.edit')} lacks={lacks('target:edit')} run={() => navigate(`${path()}/edit`)} />
          <ActionButton
            look="main"
            words={t('targets.test')}
            busyWords={t('targets.testing')}
            busy={busy()}
            lacks={lacks('target:check')}
            run={() => void test()}
          />
        </>
      }
    >
      <Show when={props.failed}>{(error) => <Refusal error={error()} retry={props.again} />}</Show>
      <div aria-live="polite" class="mt-4">
        <Show when={problem()}>{(error) => <Refusal error={error()} retry={() => void test()} />}</Show>
        <Show when={pending()}>
          <p class="text-muted">{t('targets.pending')}</p>
        </Show>
        <Show when={newest()}>
          {(check) => (
            <section class="flex flex-col gap-3" aria-label={t('targets.stages')}>
              <CheckMark check={check()} />
              <Stages check={check()} />
            </section>
          )}
        </Show>
      </div>
      <Facts target={props.target} />
      <HostKeys target={props.target} />
      <section aria-labelledby="checks" class="mt-8">
        <h2 id="checks" class="mb-2 text-section font-semibold">
          {t('targets.checks')}
        </h2>
        <Fetched
          query={checks}
          skeleton="h-40"
          isEmpty={(all) => all.length === 0}
          empty={<p class="text-muted">{t('targets.no_checks')}</p>}
        >
          {(all) => <Table caption={t('targets.checks')} columns={CHECKS} items={all()} />}
        </Fetched>
      </section>
      <Confirm
        open={deleting()}
        title={t('targets.delete_ask', props.target.name)}
        effect={t('targets.delete_effect')}
        keep={t('targets.keep')}
        act={t('targets.delete')}
        look="danger"
        close={() => setDeleting(false)}
        run={remove}
      />
    </Page>
  );
};

const CHECKS: readonly Column<Check>[] = [
  { head: t('targets.when'), cell: ({ at }) => <Timestamp at={at} />, class: 'whitespace-nowrap' },
  { head: t('targets.result'), cell: (check) => <CheckMark check={check} />, class: 'whitespace-nowrap' },
  { head: t('targets.found'), cell: ({ error }) => <PlainText text={error?.message ?? ''} first={300} /> },
  { head: t('targets.by'), cell: ({ actor }) => actor, class: 'whitespace-nowrap text-muted' },
];

const Facts = (props: { target: Target }) => {
  const session = useSession();
  const rows = (): readonly (readonly [string, JSX.Element])[] => [
    [t('field.description'), props.target.description],
    [
      t('field.credential'),
      <Show when={props.target.credential && session.may('credential:read')} fallback={props.target.credential}>
        <A class="link" href={`/credentials/${encodeURIComponent(props.target.credential ?? '')}`}>
          {props.target.credential}
        </A>
      </Show>,
    ],
    [t('field.tags'), props.target.tags.join(', ')],
    [t('field.timezone'), props.target.timezone],
    [t('field.device_type'), props.target.device_type],
    [t('field.jump'), props.target.jump],
    [t('field.host_key_policy'), props.target.host_key_policy],
    [t('field.maintenance'), props.target.maintenance.join('; ')],
    [t('field.remote_dir'), props.target.remote_dir],
    [t('field.attributes'), Object.keys(props.target.attributes).length > 0 ? JSON.stringify(props.target.attributes) : null],
  ];
  return (
    <section aria-labelledby="facts" class="mt-4">
      <h2 id="facts" class="mb-2 text-section font-semibold">
        {t('targets.facts')}
      </h2>
      <dl class="grid max-w-column grid-cols-[minmax(120px,auto)_minmax(0,1fr)] gap-x-6 gap-y-1">
        <For each={rows()}>
          {([name, value]) => (
            <>
              <dt class="text-muted">{name}</dt>
              <dd class="break-words">{value || t('targets.none_of_it')}</dd>
            </>
          )}
        </For>
      </dl>
    </section>
  );
};
