/** What a command line can be in: a shell below it, its plain and its privileged view, its configuration. */
export const MODES = ['shell', 'exec', 'enable', 'config'] as const;
export type ModeName = (typeof MODES)[number];

/** A platform's command line as data: how its prompts look, how its modes are entered and left, what it says when it refuses. */
export interface Driver {
  readonly title: string;
  /** Judged in this order, so the narrower prompt stands first. */
  readonly modes: readonly Mode[];
  /** A last line that looks like a prompt and is none, e.g. a version banner. */
  readonly neverPrompt?: RegExp;
  /** Sent once logged in, whatever comes of it: a wide terminal, no pager. Nothing that changes the device. */
  readonly open: readonly string[];
  /** What a pager's line looks like on this platform beside the usual ones, and what turns the page. */
  readonly pagers?: readonly Answer[];
  /** What stands between login and prompt and wants a key. */
  readonly wake?: readonly Answer[];
  /** Lines of output that say a command was refused; each begins at the start of a line. */
  readonly failures: readonly RegExp[];
  readonly configuring: Configuring;
  /** Ends the session from the plain or the privileged view. */
  readonly exit: string;
}

export interface Mode {
  readonly name: ModeName;
  /** Matches the whole last line; group `host` is what stays the same from prompt to prompt. Linear: no repetition inside another. */
  readonly prompt: RegExp;
  /** A line above that belongs to the prompt, where there is one. */
  readonly above?: RegExp;
  /** Without that line above it is not this mode. */
  readonly aboveRequired?: true;
  /** How it is entered. */
  readonly enter?: Passage;
}

export interface Passage {
  readonly from: ModeName;
  readonly send: string;
  /** The question for the enable secret, which is answered once. */
  readonly secret?: RegExp;
  /** The question for a user name, answered with that of the login. */
  readonly username?: RegExp;
  /** What it says instead of the mode's prompt when the secret is wrong. */
  readonly refused?: readonly RegExp[];
  readonly answers?: readonly Answer[];
}

/** What is sent when the last line looks like this. */
export interface Answer {
  readonly when: RegExp;
  readonly send: string;
}

/** One line that is sent for its effect, with the answers to what it is known to ask. */
export interface Instruction {
  readonly send: string;
  readonly answers?: readonly Answer[];
  /** Sent only while the prompt looks like this. */
  readonly when?: RegExp;
}

export interface Configuring {
  /** Lines are given in the mode `config`; else where commands are given, and `leave` is repeated until the prompt is the one it began with. */
  readonly inMode: boolean;
  /** Lines take effect with this, not at once. */
  readonly commit?: readonly Instruction[];
  /** Leaves the configuration, from any depth of it. */
  readonly leave: readonly Instruction[];
  /** Leaves it after a failure, without what was not committed; `leave` where nothing can be taken back. */
  readonly abandon?: readonly Instruction[];
  /** Makes it survive a restart, given where commands are. */
  readonly save?: readonly Instruction[];
}
