/** What a definition, its parameters and its results may measure at most; every refusal over size quotes one of these. */
export const LIMITS = {
  /** UTF-8 bytes of a definition's text. */
  sourceBytes: 256 * 1024,
  steps: 500,
  parameters: 100,
  /** Items of one step. */
  foreachItems: 10_000,
  /** UTF-8 bytes of all items of a step together, as JSON. */
  partsBytes: 512 * 1024,
  /** Combinations of a matrix before `exclude` takes from them, and entries that it and `include` may have. */
  combinations: 100_000,
  matrixChanges: 1_000,
  /** Steps of more parts than this are carried out by workflows of their own, each with so many. */
  partsInRun: 100,
  /** Parts of a step that its run carries out all by itself, because it waits, locks or undoes for each: Temporal ends a workflow at 51,200 events. */
  partsUnsliced: 3_000,
  partsOfSlice: 250,
  /** Items of a step at a time, where its author does not say. */
  maxParallel: 10,
  /** Jobs that start jobs that start jobs. */
  subJobDepth: 8,
  chainDepth: 20,
  /** How far apart the runs of a trigger on several jobs may end. */
  joinWindowMs: 30 * 86_400_000,
  /** Locks of one step or one run. */
  locks: 10,
  lockHolders: 1_000,
  /** Characters of a key, or of a rate's resource, once it is filled in. */
  lockKey: 500,
  checks: 50,
  /** How long the audit is kept, everywhere. */
  auditYears: 7,
  /** How long the choices of a parameter may be used again, and how long a source may take to name them. */
  choicesCacheMs: 86_400_000,
  choicesMs: 10_000,
  triggers: 20,
  handlers: 20,
  /** Signals that a run keeps until a step waits for them, and the UTF-8 bytes of one message as JSON. */
  earlyMessages: 50,
  messageBytes: 16 * 1024,
  /** Targets of one step. */
  parts: 10_000,
  /** Items and targets of all steps of a run together, so that its state stays small enough to be handed on. */
  partsOfRun: 20_000,
  /** Parts of all steps that are under way at a time, and the bytes they, or whole steps, are asked in: Temporal takes 4 MB of orders at once. */
  partsAtOnce: 500,
  partBytesAtOnce: 1_500_000,
  /** Lists and objects inside each other. */
  nesting: 32,
  /** Entries of one list or object. */
  items: 10_000,
  /** Values of a whole document, aliases expanded. */
  values: 100_000,
  /** Characters of all texts of a document, aliases expanded. */
  characters: 1024 * 1024,
  /** UTF-8 bytes of a run's parameters as JSON. */
  parameterBytes: 64 * 1024,
  /** UTF-8 bytes of a run's result as JSON. */
  resultBytes: 64 * 1024,
  /** UTF-8 bytes of a step's outputs as JSON, which is what it may leave in history. */
  outputBytes: 16 * 1024,
  /** The same of all parts of a step together, where their author does not say what they hand on: each has its share, of at least a kilobyte. */
  partsOutputBytes: 2 * 1024 * 1024,
  /** Jobs that one import brings. */
  importJobs: 1_000,
  importBytes: 16 * 1024 * 1024,
  /** How long a job in the trash can be restored. */
  trashDays: 30,
  /** Problems reported at once. */
  problems: 100,
  attempts: 100,
  /** Node's timers cannot wait longer than 24.8 days. */
  stepTimeoutMs: 24 * 86_400_000,
  runTimeoutMs: 365 * 86_400_000,
  retryDelayMs: 30 * 86_400_000,
  /** Longest execution of a step inside the workflow's own worker. */
  inlineTimeoutMs: 10_000,
} as const;
