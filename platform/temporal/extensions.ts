import type { ClientPlugin, ConnectionPlugin } from '@temporalio/client';
import type { DataConverter } from '@temporalio/common';
import type { NativeConnectionPlugin, WorkerPlugin } from '@temporalio/worker';

/** What every client and every worker is made with. Codec and plugins have their one place here, so that what one process writes the others read. */
export const TEMPORAL_EXTENSIONS: {
  readonly dataConverter: DataConverter;
  readonly plugins: readonly (ClientPlugin & ConnectionPlugin & NativeConnectionPlugin & WorkerPlugin)[];
} = { dataConverter: {}, plugins: [] };
