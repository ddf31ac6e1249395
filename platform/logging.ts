import { mkdirSync } from 'node:fs';
import { type Logger, multistream, pino, type StreamEntry } from 'pino';
import { createStream } from 'rotating-file-stream';
import type { Config } from './config.ts';

export type { Logger } from 'pino';

/** The logger of one process (`api`, `worker` …): to standard error and, where `logging.dir` is set, to `<name>.log` there, rotated by size and age. */
export function createLogger({ logging }: Pick<Config, 'logging'>, name: string): Logger {
  const streams: StreamEntry[] = [];
  if (logging.console) streams.push({ level: 'trace', stream: logging.format === 'pretty' ? prettyStderr : process.stderr });
  if (logging.dir !== undefined) {
    mkdirSync(logging.dir, { recursive: true });
    const file = createStream(`${name}.log`, {
      path: logging.dir,
      size: logging.rotate_size as `${number}M`,
      interval: logging.rotate_interval as `${number}d`,
      maxFiles: logging.rotate_files,
    });
    file.on('error', (error) => process.stderr.write(`${name}.log cannot be written: ${error.message}\n`));
    streams.push({ level: 'trace', stream: file });
  }
  return pino({ name, level: logging.level, base: { pid: process.pid }, timestamp: pino.stdTimeFunctions.isoTime }, multistream(streams));
}

const LEVELS: { readonly [level: number]: string } = { 10: 'trace', 20: 'debug', 30: 'info', 40: 'warn', 50: 'error', 60: 'fatal' };

/** Entries as people read them: time, level, message, then what else the entry holds. */
const prettyStderr = {
  write(entry: string): void {
    const { time, level, msg, name, pid: _pid, err, ...rest } = JSON.parse(entry);
    const details = Object.keys(rest).length > 0 ? ` ${JSON.stringify(rest)}` : '';
    process.stderr.write(
      `${time.slice(11, 23)} ${LEVELS[level] ?? level} ${name}: ${msg ?? ''}${details}\n${err?.stack ? `${err.stack}\n` : ''}`,
    );
  },
};
