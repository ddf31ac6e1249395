import { stepFailure } from '#jobs/failure.ts';

/** Bytes of one value: the kernel takes no variable over 128 KiB. */
const LONGEST_VALUE = 102_400;

/** Bytes of all variables together: a quarter of the usual stack limit, with room for what the host adds. */
const LONGEST_ENVIRONMENT = 1_500_000;

/** Any text as one word of a POSIX shell. Throws on NUL, which no shell can carry. */
export function quote(value: string, what: string): string {
  if (value.includes('\0')) throw stepFailure('invalid_input', `${what} holds a NUL character, which no command can receive`);
  return `'${value.replaceAll("'", `'\\''`)}'`;
}

/** What the scripts around a command need for themselves. */
const OURS = new Set(['c_text', 'c_stdin', 'CAPSTAN_MARK', 'KSH_VERSION']);

/** Variables as exported assignments, one a line. Throws naming the variable that no shell or kernel can carry. */
export function exported(environment: { readonly [name: string]: string }): string {
  let bytes = 0;
  const lines = Object.entries(environment).map(([name, value]) => {
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name))
      throw stepFailure('invalid_input', `environment: ${JSON.stringify(name)} is no variable name`);
    if (OURS.has(name)) throw stepFailure('invalid_input', `environment: ${name} is a name that the start of the command uses itself`);
    const size = Buffer.byteLength(value);
    bytes += name.length + size + 2;
    if (size > LONGEST_VALUE) {
      const advice = `at most ${LONGEST_VALUE} can be passed as a variable; use stdin`;
      throw stepFailure('invalid_input', `environment.${name} is ${size} bytes long; ${advice}`);
    }
    return `${name}=${quote(value, `environment.${name}`)}; export ${name}\n`;
  });
  if (bytes > LONGEST_ENVIRONMENT) {
    throw stepFailure('invalid_input', `environment: ${bytes} bytes of variables are more than a process can be given; use stdin`);
  }
  return lines.join('');
}
