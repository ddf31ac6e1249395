import type { TransferView } from '../../../api/views.ts';

/** How far a file is, 0 to 1; null while its size is not known. */
export const doneOf = (file: Pick<TransferView, 'file_size' | 'bytes_transferred' | 'status'>): number | null => {
  if (file.status === 'completed') return 1;
  if (file.file_size === null) return null;
  return file.file_size === 0 ? 0 : Math.min(1, file.bytes_transferred / file.file_size);
};

/** How many milliseconds a file that is on its way still takes at its present rate; null when that cannot be said. */
export const leftOf = (file: Pick<TransferView, 'file_size' | 'bytes_transferred' | 'status' | 'transfer_rate_bps'>): number | null => {
  if (file.status !== 'running' || file.file_size === null || !file.transfer_rate_bps) return null;
  return (Math.max(0, file.file_size - file.bytes_transferred) * 8000) / file.transfer_rate_bps;
};

/** Where a file comes from and where it goes, as far as both are known. */
export const endsOf = (file: Pick<TransferView, 'operation_type' | 'local_path' | 'remote_path'>): readonly string[] => {
  if (file.local_path === null) return [file.remote_path];
  return file.operation_type === 'download' ? [file.remote_path, file.local_path] : [file.local_path, file.remote_path];
};
