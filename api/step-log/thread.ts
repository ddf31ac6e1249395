import { parentPort, workerData } from 'node:worker_threads';
import { connect } from '#db/client.ts';
import { type ScanTask, scan } from './scan.ts';
import { UnpackedChunks } from './unpacked-chunks.ts';

/** What the thread answers: what it found, or why not; `refused` when the task itself is at fault. */
export type ThreadAnswer = { readonly found: Awaited<ReturnType<typeof scan>> } | { readonly problem: string; readonly refused: boolean };

const KEPT_BYTES = 50_000_000;
// A connection of its own, so that what is read never passes the thread that answers requests.
const { sql } = connect({ url: (workerData as { readonly url: string }).url, max: 1 });
const chunks = { sql, kept: new UnpackedChunks(KEPT_BYTES) };

async function answer(task: ScanTask): Promise<void> {
  try {
    const found = await scan(chunks, task);
    // A text is handed over as it is, not copied.
    parentPort?.postMessage({ found } satisfies ThreadAnswer, 'text' in found ? [found.text.buffer] : []);
  } catch (error) {
    const { name, message } = error as Error;
    parentPort?.postMessage({ problem: message, refused: name.startsWith('RE2JS') } satisfies ThreadAnswer);
  }
}

parentPort?.on('message', (task: ScanTask) => void answer(task));
