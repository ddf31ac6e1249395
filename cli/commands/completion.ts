import type { Command } from 'commander';
import { CommandFailed, EXIT } from '../exit-codes.ts';

export const SHELLS = ['bash', 'zsh', 'fish'] as const;

/** A script that makes a shell complete the commands and their options; jobs are completed by asking the API. */
export function completionOf(program: Command, shell: string): string {
  const commands = program.commands.map((command) => ({
    name: command.name(),
    about: command.description(),
    words: [...command.commands.map((inner) => inner.name()), ...command.options.flatMap(({ short, long }) => [short, long])].filter(
      (word) => word !== undefined && word !== null,
    ),
    takesJob: /<job/.test(command.usage()),
  }));
  if (shell === 'fish') {
    const lines = commands.flatMap(({ name, about, words }) => [
      `complete -c capstan -n __fish_use_subcommand -a ${name} -d ${quoted(about)}`,
      ...words.map((word) => `complete -c capstan -n '__fish_seen_subcommand_from ${name}' -a ${quoted(String(word))}`),
    ]);
    return ['complete -c capstan -f', ...lines, ''].join('\n');
  }
  if (shell !== 'bash' && shell !== 'zsh') throw new CommandFailed(EXIT.usage, `${shell}: expected one of ${SHELLS.join(', ')}`);
  const cases = commands.map(({ name, words, takesJob }) => {
    const jobs = takesJob ? ' $(capstan jobs --names 2>/dev/null)' : '';
    return `    ${name}) words="${words.join(' ')}${jobs}" ;;`;
  });
  return [
    ...(shell === 'zsh' ? ['autoload -U +X compinit && compinit', 'autoload -U +X bashcompinit && bashcompinit'] : []),
    '_capstan() {',
    `  local words="${commands.map(({ name }) => name).join(' ')}"`,
    '  if [ "$COMP_CWORD" -gt 1 ]; then case "${COMP_WORDS[1]}" in',
    ...cases,
    '    *) words="" ;;',
    '  esac; fi',
    '  COMPREPLY=($(compgen -W "$words" -- "${COMP_WORDS[COMP_CWORD]}"))',
    '}',
    'complete -o default -F _capstan capstan',
    '',
  ].join('\n');
}

const quoted = (text: string): string => `'${text.replaceAll("'", "\\'")}'`;
