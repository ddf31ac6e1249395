import { parseArgs } from 'node:util';

/** What was asked of `npm start`. */
export interface Options {
  readonly reset: boolean;
  readonly sample: boolean;
  readonly yes: boolean;
  readonly help: boolean;
}

export const USAGE = `npm start -- [options]
  --reset       wipe all local state (.capstan/) after asking, then start afresh
  --no-sample   do not create and run the sample job on an empty database
  --yes         answer yes to questions
  --help        show this`;

/** Reads the arguments of `npm start`; throws with the usage when one is unknown. */
export function readOptions(args: readonly string[]): Options {
  const flag = { type: 'boolean', default: false } as const;
  try {
    const { values } = parseArgs({ args: [...args], options: { reset: flag, 'no-sample': flag, yes: flag, help: flag } });
    return { reset: values.reset, sample: !values['no-sample'], yes: values.yes, help: values.help };
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : error}\n${USAGE}`);
  }
}
