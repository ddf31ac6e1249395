import { useQueryClient } from '@tanstack/solid-query';
import { createSignal, Show } from 'solid-js';
import type { HostKey, Target } from '../../api/views.ts';
import { ActionButton } from '../../components/ActionButton.tsx';
import { Confirm } from '../../components/Confirm.tsx';
import { Refusal } from '../../components/Fetched.tsx';
import { type Column, Table } from '../../components/Table.tsx';
import { toast } from '../../components/Toasts.tsx';
import { useSession } from '../../session/session.tsx';
import { scanTarget } from './queries.ts';
import type { Scan } from './views.ts';
import { t } from './words.ts';

type Scanned = Scan['items'][number];

const Fingerprint = (props: { of: string }) => <span class="font-mono break-all">{props.of}</span>;

const PINNED: readonly Column<HostKey>[] = [
  { head: t('targets.key_type'), cell: ({ type }) => <span class="font-mono">{type}</span>, class: 'whitespace-nowrap' },
  { head: t('targets.fingerprint'), cell: ({ fingerprint }) => <Fingerprint of={fingerprint} /> },
  {
    head: t('targets.key_state'),
    cell: ({ revoked }) => t(revoked ? 'targets.key.revoked' : 'targets.key.pinned'),
    class: 'whitespace-nowrap',
  },
];

/** The host keys a target pins, and the way to see what the host shows now and to accept it. */
export const HostKeys = (props: { target: Target }) => {
  const session = useSession();
  const queries = useQueryClient();
  const [scan, setScan] = createSignal<Scan | null>(null);
  const [problem, setProblem] = createSignal<Error | null>(null);
  const [busy, setBusy] = createSignal(false);
  const [asked, ask] = createSignal<Scanned | null>(null);
  const lacks = () => (session.may('target:edit') ? undefined : 'target:edit');

  const look = async () => {
    setBusy(true);
    setProblem(null);
    try {
      setScan(await scanTarget(props.target.name, []));
    } catch (error) {
      setProblem(error as Error);
    }
    setBusy(false);
  };
  const accept = async (fingerprint: string, key: string) => {
    setScan(await scanTarget(props.target.name, [fingerprint], key));
    toast({ says: t('targets.accepted') });
    await queries.invalidateQueries({ queryKey: ['target', props.target.name] });
  };
  const scanned: readonly Column<Scanned>[] = [
    ...PINNED.slice(0, 2),
    { head: t('targets.key_state'), cell: ({ state }) => t(`targets.key.${state}`) },
    {
      head: t('targets.accept'),
      quiet: true,
      class: 'text-right',
      cell: (key) => (
        <Show when={key.state === 'new' || key.state === 'changed'}>
          <ActionButton words={t('targets.accept')} hint={t('targets.accept_of', key.fingerprint)} lacks={lacks()} run={() => ask(key)} />
        </Show>
      ),
    },
  ];

  return (
    <section aria-labelledby="host-keys" class="mt-8">
      <div class="mb-2 flex flex-wrap items-center gap-4">
        <h2 id="host-keys" class="flex-1 text-section font-semibold">
          {t('targets.keys')}
        </h2>
        <ActionButton words={t('targets.scan')} busyWords={t('targets.testing')} busy={busy()} lacks={lacks()} run={() => void look()} />
      </div>
      <Show when={props.target.host_keys.length > 0} fallback={<p class="max-w-column text-muted">{t('targets.no_keys')}</p>}>
        <Table caption={t('targets.keys')} columns={PINNED} items={props.target.host_keys} />
      </Show>
      <Show when={problem()}>{(error) => <Refusal error={error()} retry={() => void look()} />}</Show>
      <Show when={scan()}>
        {(found) => (
          <div class="mt-4">
            <h3 class="mb-2 font-semibold">{t('targets.scan_found')}</h3>
            <Table caption={t('targets.scan_found')} columns={scanned} items={found().items} />
          </div>
        )}
      </Show>
      <Confirm
        open={asked() !== null}
        title={t('targets.accept_ask')}
        effect={t('targets.accept_effect', props.target.name, asked()?.fingerprint ?? '')}
        keep={t('targets.keep_unknown')}
        act={t('targets.accept')}
        lacks={lacks()}
        close={() => ask(null)}
        run={(key) => accept(asked()?.fingerprint ?? '', key)}
      />
    </section>
  );
};
