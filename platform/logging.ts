import { type Logger, multistream, pino, type StreamEntry } from 'pino';
import type { Config } from './config.ts';
import { sizeOf } from './log-files/classes.ts';
import { ProcessFile } from './log-files/process-file.ts';

export type { Logger } from 'pino';

/** The logger of one process (`api`, `worker` …): to standard error and, where `logging.dir` is set, to the file of the day that is this process's own. */
export function createLogger({ logging }: Pick<Config, 'logging'>, name: string): Logger {
  const options = { name, level: logging.level, base: { pid: process.pid }, timestamp: pino.stdTimeFunctions.isoTime };
  const console: StreamEntry = { level: 'trace', stream: logging.format === 'pretty' ? prettyStderr : process.stderr };
  // What is wrong with files is said where there is no file: also where the console is switched off.
  const alerts = pino(options, multistream([console]));
  const file = fileOf(logging, name, 'system', alerts);
  return pino(options, multistream([...(logging.console ? [console] : []), ...(file ? [{ level: 'trace', stream: file } as const] : [])]));
}

/** The file of a process, of what `name` says, that its last words reach too; null where `logging.dir` is not set. Whoever is to hear of trouble with it gets an entry when it begins and one when it is over. */
export function fileOf(logging: Config['logging'], program: string, name: 'system' | 'audit', alerts: Logger): ProcessFile | null {
  if (logging.dir === undefined) return null;
  const { dir } = logging;
  const file = new ProcessFile({
    dir,
    name,
    program,
    rotateBytes: sizeOf(logging.rotate_size),
    onTrouble: (problem) => {
      troubles.set(name, problem);
      if (problem === null) alerts.info({ dir }, `log files of class ${name} are written again`);
      else alerts.error({ dir, problem }, `log files of class ${name} cannot be written, and everything else goes on: ${problem}`);
    },
  });
  process.on('exit', () => file.flushNow());
  return file;
}

const troubles = new Map<string, string | null>();

/** Why this process cannot write its own files; null while it can. */
export const troubleWithFiles = (): string | null => [...troubles.values()].find((problem) => problem !== null) ?? null;

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
