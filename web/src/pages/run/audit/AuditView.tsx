import { For, Show } from 'solid-js';
import type { Json, JsonObject } from '#jobs/json.ts';
import { useInfiniteQuery } from '../../../api/use-query.ts';
import type { RunView } from '../../../api/views.ts';
import { Empty } from '../../../components/Empty.tsx';
import { Fetched } from '../../../components/Fetched.tsx';
import { MoreButton } from '../../../components/MoreButton.tsx';
import { PlainText } from '../../../components/PlainText.tsx';
import { Timestamp } from '../../../components/Timestamp.tsx';
import { atMostEvery } from '../../../live/at-most-every.ts';
import { whenChanged } from '../../../solid.ts';
import { t as shared } from '../../../words.ts';
import { auditQuery } from './queries.ts';
import type { AuditEntryView } from './views.ts';
import { t } from './words.ts';

/** Who did what to this run, newest first, with the reason given and the request that asked for it. */
export const AuditView = (props: { run: RunView }) => (
  <div class="mt-4">
    <Show
      when={props.run.permissions.includes('audit:read')}
      fallback={
        <div class="max-w-column py-2">
          <p class="font-semibold">{shared('fetched.denied')}</p>
          <p class="mt-1 text-muted">{shared('denied.control', 'audit:read')}</p>
        </div>
      }
    >
      <Entries run={props.run} />
    </Show>
  </div>
);

/** Its pages are all read again, so not with every step. */
const NEWS_MS = 5_000;

const Entries = (props: { run: RunView }) => {
  const audit = useInfiniteQuery(() => auditQuery(props.run.id));
  const readOn = atMostEvery(NEWS_MS, () => void audit.refetch({ cancelRefetch: false }));
  whenChanged(() => props.run.seq, readOn, 'later');
  const entries = () => audit.data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <Fetched query={audit} skeleton="h-64" isEmpty={() => entries().length === 0} empty={<Empty says={t('audit.none')} />}>
      {() => (
        <>
          <ol aria-label={t('audit.caption')} class="border-t border-hairline text-table">
            <For each={entries()}>{(entry) => <Entry entry={entry} zone={props.run.timezone} />}</For>
          </ol>
          <MoreButton words={t('audit.more')} query={audit} />
        </>
      )}
    </Fetched>
  );
};

const isObject = (value: Json): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);

/** What was asked beside the action itself, name by name. */
const asked = ({ after }: AuditEntryView): readonly (readonly [string, string])[] =>
  isObject(after)
    ? Object.entries(after).flatMap(([name, value]) =>
        value === null ? [] : [[name, typeof value === 'string' ? value : JSON.stringify(value)] as const],
      )
    : [];

const Entry = (props: { entry: AuditEntryView; zone: string | null }) => (
  <li class="grid gap-x-4 gap-y-1 border-b border-hairline py-2 md:grid-cols-[160px_160px_minmax(0,1fr)]">
    <Timestamp at={props.entry.at} zone={props.zone} />
    <bdi class="truncate font-semibold">{props.entry.actor}</bdi>
    <div class="min-w-0">
      <span class="font-mono">{props.entry.action}</span>
      <Show when={props.entry.reason}>
        {(reason) => (
          <span class="ml-3">
            “<PlainText text={reason()} first={500} />”
          </span>
        )}
      </Show>
      <Show when={asked(props.entry).length > 0}>
        <dl class="mt-0.5 flex flex-wrap gap-x-4 text-muted">
          <For each={asked(props.entry)}>
            {([name, text]) => (
              <div class="flex min-w-0 gap-1">
                <dt>{name}</dt>
                <dd class="min-w-0 text-text">
                  <PlainText text={text} first={200} />
                </dd>
              </div>
            )}
          </For>
        </dl>
      </Show>
      <Show when={props.entry.request_id}>
        {(id) => (
          <p class="text-meta text-muted">
            {t('audit.request')} <span class="font-mono">{id()}</span>
          </p>
        )}
      </Show>
    </div>
  </li>
);
