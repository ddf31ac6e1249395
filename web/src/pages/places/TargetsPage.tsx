import { useQuery } from '@tanstack/solid-query';
import { targetsQuery } from '../../api/queries.ts';
import type { TargetView } from '../../api/views.ts';
import { Empty } from '../../components/Empty.tsx';
import { Fetched } from '../../components/Fetched.tsx';
import { type Column, Table } from '../../components/Table.tsx';
import { Page } from '../../frame/Page.tsx';
import { t } from '../../words.ts';

const addressOf = (target: TargetView): string =>
  `${target.username ? `${target.username}@` : ''}${target.host ?? ''}${target.port ? `:${target.port}` : ''}`;

const COLUMNS: readonly Column<TargetView>[] = [
  { head: t('jobs.name'), cell: (target) => <span class="font-semibold">{target.name}</span> },
  { head: t('targets.kind'), cell: (target) => target.kind },
  { head: t('targets.address'), cell: (target) => <span class="font-mono">{addressOf(target)}</span> },
  { head: t('targets.credential'), cell: (target) => target.credential ?? '' },
  { head: t('jobs.tags'), cell: (target) => <span class="text-muted">{target.tags.join(', ')}</span> },
  { head: t('targets.zone'), cell: (target) => target.timezone ?? '' },
];

/** Where steps reach: the named connection profiles. */
export const TargetsPage = () => {
  const targets = useQuery(() => targetsQuery());
  return (
    <Page title={t('targets.title')}>
      <div class="mt-4">
        <Fetched query={targets} skeleton="h-64" isEmpty={(all) => all.length === 0} empty={<Empty says={t('targets.none')} />}>
          {(all) => <Table caption={t('targets.caption')} columns={COLUMNS} items={all()} />}
        </Fetched>
      </div>
    </Page>
  );
};
