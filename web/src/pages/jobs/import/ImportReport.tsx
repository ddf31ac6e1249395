import { A } from '@solidjs/router';
import { For, Show } from 'solid-js';
import { placeOf } from '#jobs/problem.ts';
import { PlainText } from '../../../components/PlainText.tsx';
import { type Column, Table } from '../../../components/Table.tsx';
import { visible } from '../../../components/visible.ts';
import { hrefOfJob } from '../list/columns.tsx';
import type { ImportItem, ImportReport as Report } from '../views.ts';
import { t } from '../words.ts';

/** Definitions that are shown; an import may have thousands. */
const MOST = 200;
/** Characters of a name, which may be whatever stands in its place. */
const LONGEST_NAME = 200;
/** Findings of one definition that are shown. */
const FINDINGS = 20;

const becomes = (item: ImportItem): string =>
  item.action === 'renamed' ? t('import.action_renamed', item.saved_as ?? '') : t(`import.action_${item.action}`);

/** What becomes, or became, of each definition: those with errors first, with everything that was renamed, rewritten or left out. */
export const ImportReport = (props: { report: Report }) => {
  const items = () => props.report.items.toSorted((a, b) => Number(b.action === 'bad') - Number(a.action === 'bad')).slice(0, MOST);
  const caption = () => t(props.report.saved ? 'import.done_report' : 'import.report');
  const columns: readonly Column<ImportItem>[] = [
    { head: t('import.line'), cell: (item) => item.line, class: 'w-16 text-right' },
    {
      head: t('import.name'),
      cell: (item) => (
        <Show
          when={props.report.saved && item.saved_as}
          fallback={<bdi class="font-semibold break-all">{visible(item.name.slice(0, LONGEST_NAME)) || '–'}</bdi>}
        >
          {(name) => (
            <A class="link font-semibold" href={hrefOfJob(name())}>
              {name()}
            </A>
          )}
        </Show>
      ),
    },
    {
      head: t('import.becomes'),
      cell: (item) => <span class={item.action === 'bad' ? 'tone-failed text-(--tone)' : ''}>{becomes(item)}</span>,
      class: 'whitespace-nowrap',
    },
    { head: t('import.findings'), cell: (item) => <Findings item={item} /> },
  ];
  return (
    <>
      <h2 class="mb-2 text-section font-semibold">{caption()}</h2>
      <Table caption={caption()} columns={columns} items={items()} />
      <Show when={props.report.items.length > MOST}>
        <p class="mt-2 text-muted">{t('import.shown', MOST, props.report.items.length)}</p>
      </Show>
    </>
  );
};

const Findings = (props: { item: ImportItem }) => {
  const all = () => [
    ...props.item.problems.map(({ message, severity, line }) => ({
      kind: t(severity === 'error' ? 'health.error' : 'health.warning_kind'),
      says: line === undefined ? message : `${t('import.line')} ${line}: ${message}`,
      isBad: severity === 'error',
    })),
    ...props.item.report.map(({ kind, pointer, message }) => ({
      kind: t(`import.converted_${kind}`),
      says: `${placeOf(pointer)}: ${message}`,
      isBad: false,
    })),
  ];
  return (
    <ul class="flex max-w-column flex-col gap-1">
      <For each={all().slice(0, FINDINGS)}>
        {({ kind, says, isBad }) => (
          <li class="break-words">
            <span class={isBad ? 'tone-failed text-(--tone)' : 'text-muted'}>{kind}</span> <PlainText text={says} first={400} />
          </li>
        )}
      </For>
      <Show when={all().length > FINDINGS}>
        <li class="text-muted">{t('import.shown', FINDINGS, all().length)}</li>
      </Show>
    </ul>
  );
};
