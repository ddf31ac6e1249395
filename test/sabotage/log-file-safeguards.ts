import { pure, real, type Sabotage } from './sabotage.ts';

const FOLLOW = 'worker/log-files/follow.real.test.ts';
const NAMES = 'platform/log-files/names.test.ts';
const KEEPING = 'platform/log-files/keeping.test.ts';

/** Safeguards of log files: none outside their folder, no line lost, none twice, nothing removed before its time. */
export const LOG_FILE_SABOTAGES: readonly Sabotage[] = [
  {
    safeguard: 'names of log files',
    broken: 'a zone may be called as a way out of the folder',
    file: 'platform/log-files/names.ts',
    from: "const ZONE = '[A-Za-z0-9_+-]{1,64}';",
    to: "const ZONE = '[A-Za-z0-9_+./-]{1,64}';",
    red: pure(NAMES, 'a zone that is called'),
  },
  {
    safeguard: 'names of log files',
    broken: 'a link in the place of a file is followed',
    file: 'platform/log-files/append.ts',
    from: ' | constants.O_NOFOLLOW;',
    to: ';',
    red: pure('platform/log-files/append.test.ts', 'a link in the place of a file is not followed'),
  },
  {
    safeguard: 'log files follow',
    broken: 'what is still open is passed over',
    file: 'db/queries/log-files/follow.ts',
    from: 'pg_snapshot_xmin(pg_current_snapshot())',
    to: 'pg_snapshot_xmax(pg_current_snapshot())',
    red: real(FOLLOW, 'a transaction that commits after later ones is not passed over'),
  },
  {
    safeguard: 'log files follow',
    broken: 'whoever goes on writes again what stands there',
    file: 'worker/log-files/follow.ts',
    from: 'if (span.position !== this.#last) this.#unsureBelow = span.horizon;',
    to: '',
    red: real(FOLLOW, 'after a crash between writing and noting writes no line again'),
  },
  {
    safeguard: 'log files follow',
    broken: 'lines that were written, and not noted, are written again',
    file: 'worker/log-files/follow.ts',
    from: '      this.#last = null;\n      try {',
    to: '      try {',
    red: real(FOLLOW, 'after Postgres did not take the note that lines were written writes none again'),
  },
  {
    safeguard: 'log files follow',
    broken: 'tables are read whole every second',
    file: 'db/queries/log-files/committed-events.ts',
    from: "set_config('enable_seqscan', 'off', true)",
    to: "set_config('enable_seqscan', 'on', true)",
    red: real(FOLLOW, 'what is followed is found without reading tables whole'),
  },
  {
    safeguard: 'log files follow',
    broken: 'two workers write at once',
    file: 'db/queries/log-files/follow.ts',
    from: 'where f.holder = excluded.holder or f.held_until is null or f.held_until < now()',
    to: 'where true',
    red: real(FOLLOW, 'does so only when the other is not heard of'),
  },
  {
    safeguard: 'log files on a full disk',
    broken: 'what could not be written whole stays in half',
    file: 'platform/log-files/append.ts',
    from: '    await file.handle.truncate(before).catch(() => undefined);\n',
    to: '',
    red: pure('platform/log-files/append.test.ts', 'takes nothing in halves'),
  },
  {
    safeguard: 'log files are kept',
    broken: 'what is still written to is removed',
    file: 'platform/log-files/cleanup.ts',
    from: 'const closed = files.filter((file) => isClosed(file, now));',
    to: 'const closed = files;',
    red: pure('platform/log-files/cleanup.test.ts', 'what is written to stays'),
  },
  {
    safeguard: 'log files are kept',
    broken: 'a dry run removes',
    file: 'platform/log-files/clean.ts',
    from: 'of isDry ? [] : leaving',
    to: 'of leaving',
    red: pure(KEEPING, 'removes what a dry run listed'),
  },
  {
    safeguard: 'log files are kept',
    broken: 'packing that was cut short doubles what it packed',
    file: 'platform/log-files/pack.ts',
    from: 'if (await isPackedTo(place, target)) return rm(place);',
    to: '',
    red: pure(KEEPING, 'is finished and doubles nothing'),
  },
  {
    safeguard: 'audit is kept',
    broken: 'entries go before seven years are over',
    file: 'db/queries/purge-expired.ts',
    from: 'and at < now() - make_interval(years => ${LIMITS.auditYears})',
    to: 'and at < now() - make_interval(years => 1)',
    red: real(FOLLOW, 'the audit is kept for seven years'),
  },
];
