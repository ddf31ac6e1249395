import CircleCheck from 'lucide-solid/icons/circle-check';
import CircleX from 'lucide-solid/icons/circle-x';
import TriangleAlert from 'lucide-solid/icons/triangle-alert';
import { Show } from 'solid-js';
import { Dynamic } from 'solid-js/web';
import { placeOf } from '#jobs/problem.ts';
import { useQuery } from '../../api/use-query.ts';
import { ActionButton } from '../../components/ActionButton.tsx';
import { Fetched } from '../../components/Fetched.tsx';
import { PlainText } from '../../components/PlainText.tsx';
import { type Column, Table } from '../../components/Table.tsx';
import { saysAt } from '../../form/problems.ts';
import { healthQuery } from './queries.ts';
import type { Finding, HealthView } from './views.ts';
import { t } from './words.ts';

const ICONS = { ok: CircleCheck, warning: TriangleAlert, broken: CircleX } as const;
const TONES = { ok: 'tone-completed', warning: 'tone-retrying', broken: 'tone-failed' } as const;

const COLUMNS: readonly Column<Finding>[] = [
  {
    head: t('health.severity'),
    cell: (finding) => (
      <span class={`${finding.severity === 'error' ? TONES.broken : TONES.warning} inline-flex items-center gap-2 text-(--tone)`}>
        <Dynamic component={finding.severity === 'error' ? ICONS.broken : ICONS.warning} size={16} class="shrink-0" />
        {t(finding.severity === 'error' ? 'health.error' : 'health.warning_kind')}
      </span>
    ),
    class: 'whitespace-nowrap',
  },
  { head: t('health.where'), cell: (finding) => <span class="font-mono break-all">{placeOf(finding.pointer)}</span> },
  { head: t('health.what'), cell: (finding) => <PlainText text={saysAt(finding)} class="max-w-column" /> },
];

/** Findings that are drawn. */
const MOST = 200;

/** Whether a job could do its work today, looked at when the tab is opened. */
export const HealthTab = (props: { name: string }) => {
  const health = useQuery(() => ({ ...healthQuery(props.name), staleTime: 0 }));
  return (
    <Fetched query={health} skeleton="h-40">
      {(found) => (
        <>
          <div class="flex flex-wrap items-center gap-4">
            <Verdict health={found()} />
            <ActionButton
              words={t('health.check')}
              busyWords={t('health.checking')}
              busy={health.isFetching}
              run={() => void health.refetch()}
            />
          </div>
          <Show when={found().findings.length > 0}>
            <div class="mt-4">
              <Table caption={t('health.caption')} columns={COLUMNS} items={found().findings.slice(0, MOST)} />
              <Show when={found().findings.length > MOST}>
                <p class="mt-2 text-muted">{t('health.shown', MOST, found().findings.length)}</p>
              </Show>
            </div>
          </Show>
        </>
      )}
    </Fetched>
  );
};

const Verdict = (props: { health: HealthView }) => (
  <div class="min-w-0 flex-1 basis-60">
    <p class={`${TONES[props.health.health]} flex items-center gap-2 font-semibold text-(--tone)`}>
      <Dynamic component={ICONS[props.health.health]} size={16} class="shrink-0" />
      {t(`health.${props.health.health}`)}
    </p>
    <p class="mt-1 text-muted">{t('health.version', props.health.version)}</p>
  </div>
);
