import type {
  AttemptEvent,
  AuditEvent,
  CommittedEvent,
  MissedEvent,
  SampleEvent,
  StatusEvent,
} from '#db/queries/log-files/committed-events.ts';
import { hasEnded } from '#jobs/run-state.ts';
import type { Zone, ZoneData } from '#jobs/zones/zone.ts';
import { localDate, localTime, utcDate } from '#platform/log-files/dates.ts';
import { dayFile, type LogFileName, runFile, timezoneFile } from '#platform/log-files/names.ts';

/** A line and the file it belongs to. */
interface FiledLine {
  readonly file: LogFileName;
  readonly line: string;
}

/** The lines that an event becomes: in the file of its zone's day and of its run, its times among the performance, a change in the audit. The same event always becomes the same lines. */
export function linesOf(event: CommittedEvent, zones: ZoneData): readonly FiledLine[] {
  if (event.kind === 'audit') return [{ file: dayFile('audit', utcDate(Date.parse(event.at))), line: auditLine(event) }];
  if (event.kind === 'sample') return [{ file: dayFile('performance', utcDate(Date.parse(event.at))), line: sampleLine(event) }];
  const at = Date.parse(event.at);
  const zone = zoneOf(event.timezone, zones);
  const line = written(event, { local: localTime(at, zone), zone: zone.name, ...(event.kind === 'missed' ? missed(event) : told(event)) });
  const inZone = { file: timezoneFile(zone.name, localDate(at, zone)), line };
  if (event.kind === 'missed') return [inZone];
  const timed = timesOf(event);
  return [
    inZone,
    { file: runFile(event.run), line },
    ...(timed ? [{ file: dayFile('performance', utcDate(at)), line: written(event, timed) }] : []),
  ];
}

/** Which event a line tells of, by the transaction that it came from and the name it has there; null for what is no such line. */
export function eventIn(line: string): { readonly tx: number; readonly id: string } | null {
  const [, id, tx] = /^\{"id":"((\d+)-(?:[^"\\]|\\.)*)"/.exec(line) ?? [];
  return id === undefined ? null : { tx: Number(tx), id };
}

/** A zone that the zone data have no more is read as UTC, so that its name never becomes a path. */
function zoneOf(name: string | null, zones: ZoneData): Zone {
  const zone = (name === null ? null : zones.zone(name)) ?? zones.zone('UTC');
  if (!zone) throw new Error(`zone data ${zones.version} have no UTC`);
  return zone;
}

/** One line, without what says nothing. */
function written({ tx, id, at }: CommittedEvent, fields: { readonly [name: string]: unknown }): string {
  const said = Object.entries(fields).filter(([, value]) => value !== null && value !== undefined);
  return JSON.stringify({ id: `${tx}-${id}`, at, ...Object.fromEntries(said) });
}

const told = (event: StatusEvent | AttemptEvent) => ({
  event: eventOf(event),
  ...runOf(event),
  step: event.key === '' ? null : event.key,
  attempt: event.attempt,
  ...(event.kind === 'status'
    ? { waiting_for: event.waiting_for, message: event.message, actor: event.actor }
    : { ...attemptOf(event), error: event.error }),
});

/** `run.completed`, `step.waiting`, `attempt.began`, `attempt.failed`. */
function eventOf({ kind, key, status }: StatusEvent | AttemptEvent): string {
  if (kind === 'began') return 'attempt.began';
  if (kind === 'ended') return `attempt.${status}`;
  return `${key === '' ? 'run' : 'step'}.${status}`;
}

const runOf = ({ run, number, job, version, project, client, schedule, nominal_at, trigger }: StatusEvent | AttemptEvent) => ({
  run,
  number,
  job,
  version,
  project,
  client,
  trigger,
  schedule,
  nominal_at,
});

const attemptOf = ({ type, target, worker_id, reattached, exit_code, duration_ms }: AttemptEvent) => ({
  type,
  target,
  worker: worker_id,
  reattached: reattached || null,
  exit_code,
  duration_ms,
});

const missed = ({ schedule, project, nominal_at, reason, message }: MissedEvent) => ({
  event: 'schedule.missed',
  schedule,
  project,
  nominal_at,
  reason,
  message,
});

/** What ended, and how long it took; null for all else. */
function timesOf(event: StatusEvent | AttemptEvent): { readonly [name: string]: unknown } | null {
  if (event.kind === 'began' || !hasEnded(event.status)) return null;
  const what = { event: eventOf(event), run: event.run, number: event.number, job: event.job, project: event.project };
  if (event.kind !== 'status') return { ...what, step: event.key, attempt: event.attempt, ...attemptOf(event) };
  if (event.key !== '') return null;
  const { queued_ms, execution_time_ms, total_steps, failed_steps } = event;
  return { ...what, queued_ms, execution_time_ms, total_steps, failed_steps };
}

const auditLine = (event: AuditEvent): string => {
  const { kind: _, tx: __, id, at: ___, ...entry } = event;
  return written(event, { event: 'audit', entry: id, ...entry });
};

const sampleLine = (event: SampleEvent): string => {
  const { kind: _, tx: __, id: ___, at: ____, ...seen } = event;
  return written(event, { event: 'queue', ...seen });
};
