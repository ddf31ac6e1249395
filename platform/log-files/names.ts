import type { LogClass } from './classes.ts';
import { isLocalDate } from './dates.ts';

/** A file's place below `logging.dir`, with `/` between; made here only, and from nothing but zones, dates and ids. */
export type LogFileName = string & { readonly __logFile: true };

/** What a name says. */
export interface LogFile {
  readonly name: LogFileName;
  readonly class: LogClass;
  /** The name without number and `.gz`: of the file that is written to. */
  readonly base: LogFileName;
  /** Null: the one that is written to; else which of those that were full, 1 the oldest. */
  readonly number: number | null;
  readonly isPacked: boolean;
  /** Of files that are about a day. */
  readonly date: string | null;
  /** The folder of the zone, `/` written `_`. */
  readonly zone: string | null;
  readonly run: string | null;
}

const ZONE = '[A-Za-z0-9_+-]{1,64}';
const DATE = '\\d{4}-\\d\\d-\\d\\d';
const UUID = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';
const PROCESS = '[a-z][a-z0-9-]{0,23}\\.[A-Za-z0-9-]{1,63}\\.\\d{1,10}';
const REST = '\\.log(?:\\.(?<number>[1-9]\\d{0,5}))?(?<packed>\\.gz)?$';

const FORMS: { readonly [name in LogClass]: RegExp } = {
  timezones: new RegExp(`^timezones/(?<zone>${ZONE})/(?<date>${DATE})${REST}`),
  runs: new RegExp(`^runs/(?<year>\\d{4})/(?<month>\\d\\d)/(?<run>${UUID})${REST}`),
  performance: new RegExp(`^performance/(?<date>${DATE})${REST}`),
  audit: new RegExp(`^audit/(?<date>${DATE})(?:\\.${PROCESS})?${REST}`),
  system: new RegExp(`^system/(?<date>${DATE})\\.${PROCESS}${REST}`),
};

/** Reads a name; null for whatever is none of ours, and so for everything that would lead out of the folder. */
export function readLogFileName(text: string): LogFile | null {
  for (const [name, form] of Object.entries(FORMS) as [LogClass, RegExp][]) {
    const parts = form.exec(text)?.groups;
    if (!parts) continue;
    const { date = null, zone = null, run = null, number, packed } = parts;
    if (date !== null && !isLocalDate(date)) return null;
    if (run !== null && monthOfRun(run) !== `${parts.year}/${parts.month}`) return null;
    return {
      name: text as LogFileName,
      class: name,
      base: text.replace(/\.log(\.\d+)?(\.gz)?$/, '.log') as LogFileName,
      number: number === undefined ? null : Number(number),
      isPacked: packed !== undefined,
      date,
      zone,
      run,
    };
  }
  return null;
}

/** The file of a zone's day. Throws for a name that no zone has. */
export const timezoneFile = (zone: string, date: string): LogFileName => checked(`timezones/${zone.replaceAll('/', '_')}/${date}.log`);

/** The file of a run, in the month it was accepted in. Throws for what is no UUID. */
export const runFile = (run: string): LogFileName => checked(`runs/${monthOfRun(run)}/${run}.log`);

/** The file of a day in UTC. */
export const dayFile = (name: 'performance' | 'audit', date: string): LogFileName => checked(`${name}/${date}.log`);

/** The file that one process alone writes on a day in UTC; `host` may be whatever the machine is called. */
export const processFile = (
  name: 'system' | 'audit',
  date: string,
  { program, host, pid }: { readonly program: string; readonly host: string; readonly pid: number },
): LogFileName => checked(`${name}/${date}.${program}.${host.replaceAll(/[^A-Za-z0-9-]/g, '-').slice(0, 63) || 'host'}.${pid}.log`);

/** The name of a closed file. */
export const numbered = (base: LogFileName, number: number): LogFileName => checked(`${base}.${number}`);
export const packed = (name: LogFileName): LogFileName => checked(`${name}.gz`);

function checked(text: string): LogFileName {
  const file = readLogFileName(text);
  if (!file) throw new Error(`${JSON.stringify(text)} is no name of a log file`);
  return file.name;
}

/** `2026/11`, by the time in the id; what is no UUIDv7 may name a time that no year of four digits has, and must hold up nobody. */
function monthOfRun(run: string): string {
  const at = new Date(Number.parseInt(run.replaceAll('-', '').slice(0, 12), 16));
  if (Number.isNaN(at.getTime())) return '';
  return at.getUTCFullYear() > 9_999 ? '9999/12' : at.toISOString().slice(0, 7).replace('-', '/');
}
