import { mkdirSync } from 'node:fs';
import type { Writable } from 'node:stream';
import { createStream } from 'rotating-file-stream';

/** The log file `<dir>/<name>.log` of a process we started: five files of 10 MB at most. */
export function childLog(dir: string, name: string): Writable {
  mkdirSync(dir, { recursive: true });
  const log = createStream(`${name}.log`, { path: dir, size: '10M', maxFiles: 4 });
  log.on('error', (error) => process.stderr.write(`${dir}/${name}.log cannot be written: ${error.message}\n`));
  return log;
}
