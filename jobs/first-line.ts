const MOST = 80;

/** The first line of a command, as messages name it: cut, and seen to be. */
export function firstLine(command: string): string {
  const [line = ''] = command.split('\n', 1);
  return line.length <= MOST ? line : `${line.slice(0, MOST - 1)}…`;
}
