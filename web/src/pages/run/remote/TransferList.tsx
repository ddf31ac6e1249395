import { Index, Show } from 'solid-js';
import { formatDuration } from '#jobs/duration.ts';
import type { TransferView } from '../../../api/views.ts';
import { formatBytes, formatRate } from '../../../bytes.ts';
import { PlainText } from '../../../components/PlainText.tsx';
import { StatusBadge } from '../../../components/StatusBadge.tsx';
import { short } from '../../../components/visible.ts';
import { t } from '../words.ts';
import { doneOf, endsOf, leftOf } from './transfer.ts';

/** The files of a step: those on their way with how far, how fast and how long still, then those that have ended. */
export const TransferList = (props: { files: readonly TransferView[] }) => (
  <ol class="text-table" aria-label={t('remote.transfers')}>
    <Index each={props.files}>{(file) => <File file={file()} />}</Index>
  </ol>
);

const File = (props: { file: TransferView }) => {
  const file = () => props.file;
  const path = () =>
    endsOf(file())
      .map((end) => short(end, 500))
      .join(' → ');
  return (
    <li class="flex flex-col gap-1 border-t border-hairline py-1.5">
      <span class="truncate font-mono" title={path()}>
        {path()}
      </span>
      <Show when={file().status === 'running'}>
        <Bar done={doneOf(file())} label={t('remote.progress_of', path())} />
      </Show>
      <span class="flex flex-wrap items-center gap-x-3 text-muted">
        <StatusBadge status={file().status} />
        <span>{t(`operation.${file().operation_type}`)}</span>
        <span>{bytesText(file())}</span>
        <Show when={file().transfer_rate_bps}>{(rate) => <span>{formatRate(rate())}</span>}</Show>
        <Show when={leftOf(file()) !== null}>
          <span>{t('remote.left', formatDuration(Math.ceil((leftOf(file()) as number) / 1000) * 1000))}</span>
        </Show>
        <Show when={file().resumed_from > 0}>
          <span>{t('remote.resumed', formatBytes(file().resumed_from))}</span>
        </Show>
      </span>
      <Show when={file().error_message}>{(says) => <PlainText text={says()} first={600} />}</Show>
      <Show when={file().sha256}>
        {(sum) => (
          <span class="truncate text-meta text-muted" title={`SHA-256 ${sum()}`}>
            SHA-256 <span class="font-mono">{sum()}</span>
          </span>
        )}
      </Show>
    </li>
  );
};

const bytesText = (file: TransferView): string =>
  file.file_size === null || file.bytes_transferred === file.file_size
    ? formatBytes(file.bytes_transferred)
    : t('remote.bytes_of', formatBytes(file.bytes_transferred), formatBytes(file.file_size));

/** How far, as a bar; without a share it only says that something is going on. */
const Bar = (props: { done: number | null; label: string }) => (
  <div
    class="h-1.5 overflow-hidden rounded-control bg-bg2"
    role="progressbar"
    aria-label={props.label}
    aria-valuemin={0}
    aria-valuemax={100}
    aria-valuenow={props.done === null ? undefined : Math.floor(props.done * 100)}
  >
    <div class="h-full bg-accent" style={{ width: props.done === null ? '0' : `${props.done * 100}%` }} />
  </div>
);
