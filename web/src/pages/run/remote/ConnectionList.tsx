import { For, Show } from 'solid-js';
import type { ConnectionView } from '../../../api/views.ts';
import { formatBytes } from '../../../bytes.ts';
import { Timestamp } from '../../../components/Timestamp.tsx';
import { t } from '../words.ts';

/** The connections a step has used: to whom, over what, and what each has done for all its steps. */
export const ConnectionList = (props: { connections: readonly ConnectionView[] }) => (
  <ul class="text-table" aria-label={t('remote.connections')}>
    <For each={props.connections}>
      {(one) => (
        <li class="flex flex-col gap-0.5 border-t border-hairline py-1.5">
          <span class="truncate">
            {one.target} <span class="font-mono text-muted">{addressOf(one)}</span>
          </span>
          <Show when={one.hops.length > 0}>
            <span class="truncate text-muted">{t('remote.over', one.hops.map((hop) => hop.target).join(' → '))}</span>
          </Show>
          <span class="text-muted">
            <Timestamp at={one.connection_established_at} /> –{' '}
            <Show when={one.connection_closed_at} fallback={t('remote.open')}>
              {(at) => <Timestamp at={at()} />}
            </Show>
            <Show when={one.close_reason}>{(why) => <span> {why()}</span>}</Show>
          </span>
          <span class="text-muted">
            {t('remote.done', one.commands_executed, one.files_transferred)}, {formatBytes(one.total_bytes_transferred)}
          </span>
          <Show when={one.host_key_fingerprint}>
            {(print) => (
              <span class="truncate font-mono text-meta text-muted" title={`${one.server_version ?? ''} ${print()}`}>
                {print()}
              </span>
            )}
          </Show>
        </li>
      )}
    </For>
  </ul>
);

const addressOf = ({ username, host, port }: ConnectionView): string =>
  `${username}@${host.includes(':') ? `[${host}]` : host}${port === 22 ? '' : `:${port}`}`;
