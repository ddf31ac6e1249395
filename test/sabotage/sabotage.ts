/** One way to break a safeguard, and the test that must notice. */
export interface Sabotage {
  /** Which safeguard, as it is asked for on the command line. */
  readonly safeguard: string;
  /** What the product does once it is broken. */
  readonly broken: string;
  readonly file: string;
  /** Text that stands exactly once in the file, and what takes its place. */
  readonly from: string;
  readonly to: string;
  /** The test that turns red: its project, its file, and words of its title. */
  readonly red: RedTest;
}

/** A test by its project, its file and words of its title. */
export interface RedTest {
  readonly project: 'pure' | 'real';
  readonly file: string;
  readonly title: string;
}

/** A test that needs nothing. */
export const pure = (file: string, title: string): RedTest => ({ project: 'pure', file, title });

/** A test against real servers. */
export const real = (file: string, title: string): RedTest => ({ project: 'real', file, title });
