import { A } from '@solidjs/router';
import CircleCheck from 'lucide-solid/icons/circle-check';
import CircleX from 'lucide-solid/icons/circle-x';
import { For, Show } from 'solid-js';
import { formatDuration } from '#jobs/duration.ts';
import { useQuery } from '../../api/use-query.ts';
import { formatBytes } from '../../bytes.ts';
import { Fetched } from '../../components/Fetched.tsx';
import { PlainText } from '../../components/PlainText.tsx';
import { type Column, Table } from '../../components/Table.tsx';
import { Page } from '../../frame/Page.tsx';
import { useSession } from '../../session/session.tsx';
import { useStopSwitch } from '../schedules/StopSwitch.tsx';
import { partWord } from './parts.ts';
import { type SystemView, systemQuery } from './queries.ts';
import { t } from './words.ts';

type Part = SystemView['checks'][number];

const COLUMNS: readonly Column<Part>[] = [
  { head: t('system.part'), cell: ({ name }) => partWord(name) },
  { head: t('system.how'), cell: (part) => <Standing ok={part.ok} />, class: 'whitespace-nowrap' },
  { head: t('system.says'), cell: ({ detail }) => <PlainText text={detail} first={300} /> },
];

const Standing = (props: { ok: boolean }) => (
  <span class={`flex items-center gap-2 text-(--tone) ${props.ok ? 'tone-completed' : 'tone-failed'}`}>
    <Show when={props.ok} fallback={<CircleX size={16} class="shrink-0" aria-hidden="true" />}>
      <CircleCheck size={16} class="shrink-0" aria-hidden="true" />
    </Show>
    {props.ok ? t('system.well') : t('system.unwell')}
  </span>
);

const PLACES = [
  { href: '/workers', word: 'system.workers', says: 'system.workers_say', needs: 'worker:read' },
  { href: '/locks', word: 'system.locks', says: 'system.locks_say', needs: 'run:read' },
  { href: '/templates', word: 'system.templates', says: 'system.templates_say', needs: 'job:read' },
  { href: '/users', word: 'system.users', says: 'system.users_say', needs: 'user:read' },
  { href: '/tokens', word: 'system.tokens', says: 'system.tokens_say', needs: 'token:own' },
  { href: '/reference', word: 'system.reference', says: 'system.reference_say', needs: 'run:read' },
] as const;

/** How the installation is: its parts, versions, latency, lag, disk and retention, and the way to the rest of it. */
export const SystemPage = () => {
  const session = useSession();
  const system = useQuery(() => systemQuery());
  return (
    <Page title={t('system.title')}>
      <Fetched query={system} skeleton="h-96">
        {(found) => (
          <>
            <p class={`mt-1 ${found().ready ? 'text-muted' : 'tone-failed text-(--tone)'}`}>
              {found().ready ? t('system.ready') : t('system.not_ready')}
            </p>
            <section aria-labelledby="parts" class="mt-6">
              <h2 id="parts" class="mb-2 text-section font-semibold">
                {t('system.parts')}
              </h2>
              <Table caption={t('system.parts')} columns={COLUMNS} items={found().checks} />
            </section>
            <section aria-labelledby="facts" class="mt-8">
              <h2 id="facts" class="mb-2 text-section font-semibold">
                {t('system.facts')}
              </h2>
              <dl class="grid max-w-column grid-cols-[fit-content(50%)_minmax(0,1fr)] gap-x-6 gap-y-1">
                <For each={factsOf(found())}>
                  {([name, value]) => (
                    <>
                      <dt class="text-muted">{name}</dt>
                      <dd class="break-words">{value}</dd>
                    </>
                  )}
                </For>
              </dl>
            </section>
          </>
        )}
      </Fetched>
      <Show when={session.may('schedule:read')}>
        <Maintenance />
      </Show>
      <section aria-labelledby="more" class="mt-8">
        <h2 id="more" class="mb-2 text-section font-semibold">
          {t('system.more')}
        </h2>
        <ul class="flex max-w-column flex-col">
          <For each={PLACES.filter(({ needs }) => session.may(needs))}>
            {({ href, word, says }) => (
              <li class="relative flex gap-x-4 border-b max-md:flex-col border-hairline py-2 hover:bg-bg1">
                <A href={href} class="w-40 shrink-0 font-semibold after:absolute after:inset-0">
                  {t(word)}
                </A>
                <span class="text-muted">{t(says)}</span>
              </li>
            )}
          </For>
        </ul>
      </section>
    </Page>
  );
};

/** The switch that stops whatever starts by itself. */
const Maintenance = () => {
  const { StopButton, StopBanner } = useStopSwitch();
  return (
    <section aria-labelledby="maintenance" class="mt-8">
      <h2 id="maintenance" class="mb-2 text-section font-semibold">
        {t('system.maintenance')}
      </h2>
      <p class="mb-3 max-w-column text-muted">{t('system.maintenance_says')}</p>
      <div class="mb-3 empty:hidden">
        <StopBanner />
      </div>
      <StopButton />
    </section>
  );
};

const answersIn = (version: string | null, ms: number | null): string =>
  version === null || ms === null ? t('system.silent') : t('system.answers_in', version, `${ms} ms`);

const sizeOf = (bytes: number | null): string => (bytes === null ? t('system.silent') : formatBytes(bytes));

const factsOf = ({ versions, latency, lag, disk, retention, workers }: SystemView): readonly (readonly [string, string])[] => [
  [t('system.capstan'), versions.capstan],
  [t('system.postgres'), answersIn(versions.postgres, latency.postgres_ms)],
  [t('system.temporal'), answersIn(versions.temporal, latency.temporal_ms)],
  [t('system.node'), versions.node],
  [t('system.zone_data'), versions.zone_data],
  [t('system.alive'), workers === null ? t('system.silent') : t('system.alive_of', workers.alive, workers.known)],
  [
    t('system.owed'),
    lag === null
      ? t('system.silent')
      : lag.owed_starts === 0
        ? t('system.owed_none')
        : t('system.owed_some', lag.owed_starts, formatDuration(Math.round((lag.oldest_owed_seconds ?? 0) * 1000))),
  ],
  [t('system.database_size'), sizeOf(disk.database_bytes)],
  [t('system.log_size'), sizeOf(disk.log_bytes)],
  ...(disk.free_bytes === null ? [] : [[t('system.free'), formatBytes(disk.free_bytes)] as const]),
  [t('system.kept'), retention.months === null ? t('system.silent') : (retention.months[0]?.replace('_', '-') ?? '')],
  [t('system.audit'), t('system.years', retention.audit_years)],
];
