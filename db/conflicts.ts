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

/** Whoever locks out the last administrator locks out everyone. */
export class LastAdmin extends Error {
  override readonly name = 'LastAdmin';

  constructor(user: string) {
    super(`${user} is the only administrator; make another one first`);
  }
}

/** Only a run that has ended can be deleted. */
export class RunNotEnded extends Error {
  override readonly name = 'RunNotEnded';

  constructor(run: string, status: string) {
    super(`run ${run} is ${status}; only a run that has ended can be deleted, so cancel it first`);
  }
}
