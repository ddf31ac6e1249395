/** Something of this name exists already. */
export class NameTaken extends Error {
  override readonly name = 'NameTaken';

  constructor(kind: string, name: string) {
    super(`there is already a ${kind} named "${name}"`);
  }
}

/** Someone changed it since the version the change was made from. */
export class VersionConflict extends Error {
  override readonly name = 'VersionConflict';
  readonly current: number;

  constructor(kind: string, name: string, current: number, expected: number) {
    super(`the ${kind} "${name}" is at version ${current}, not ${expected}; read it again and repeat the change`);
    this.current = current;
  }
}

/** There is nothing of this name to change. */
export class NotFound extends Error {
  override readonly name = 'NotFound';

  constructor(kind: string, name: string) {
    super(`there is no ${kind} "${name}"`);
  }
}

/** The row as it was found, at the version that a change was made from; null or undefined takes any. Throws NotFound, VersionConflict. */
export function requireVersion<Row extends { readonly version: number }>(
  kind: string,
  name: string,
  row: Row | null | undefined,
  expected: number | null | undefined,
): Row {
  if (!row) throw new NotFound(kind, name);
  if (expected != null && row.version !== expected) throw new VersionConflict(kind, name, row.version, expected);
  return row;
}

/** Whoever locks out the last administrator locks out everyone. */
export class LastAdmin extends Error {
  override readonly name = 'LastAdmin';

  constructor(user: string) {
    super(`${user} is the only administrator; make another one first`);
  }
}

/** It is already as it was to become, or has come to its end. */
export class StandsSo extends Error {
  override readonly name = 'StandsSo';
}

/** Only a run that has ended can be deleted. */
export class RunNotEnded extends Error {
  override readonly name = 'RunNotEnded';

  constructor(run: string, status: string) {
    super(`run ${run} is ${status}; only a run that has ended can be deleted, so cancel it first`);
  }
}

/** Others still refer to it. */
export class InUse extends Error {
  override readonly name = 'InUse';
  readonly users: readonly string[];

  /** `users` in words, e.g. `target web-1`. */
  constructor(kind: string, name: string, users: readonly string[]) {
    const shown = users.slice(0, 20).join(', ');
    const more = users.length > 20 ? ` and ${users.length - 20} more` : '';
    super(`the ${kind} "${name}" is used by ${shown}${more}; change those first`);
    this.users = users;
  }
}

/** What was in the trash for too long cannot be restored. */
export class TrashExpired extends Error {
  override readonly name = 'TrashExpired';

  constructor(job: string, days: number) {
    super(`the job "${job}" has been in the trash for more than ${days} days and can only be purged`);
  }
}
