import { stepFailure } from '#jobs/failure.ts';
import type { ConfigOf } from '#jobs/step.ts';
import type { StepContext } from '../contract.ts';
import type { RemoteRequest } from '../transports/ssh/detached/payload.ts';
import type { sshExec } from './spec.ts';

/** Most bytes of output when the author names none. */
const MAX_OUTPUT = 1_073_741_824;

export type SshExecConfig = ConfigOf<typeof sshExec>;

/** The commands of a step, one or several. */
export const commandsOf = ({ command, commands, script }: SshExecConfig): readonly string[] => commands ?? [command ?? script ?? ''];

export const maxOutputOf = ({ max_output }: SshExecConfig): number => max_output ?? MAX_OUTPUT;

export const successCodesOf = ({ success_codes }: SshExecConfig): readonly number[] => success_codes ?? [0];

/** What a config asks of a host, with the step's secrets among the variables. */
export function requestOf(config: SshExecConfig, secrets: StepContext['secrets']): RemoteRequest {
  const { commands, interpreter, working_directory, environment, stdin, login_shell, become, stop_on_error } = config;
  if (login_shell === true && interpreter !== undefined)
    throw stepFailure('invalid_input', 'config: either login_shell or interpreter can read the text, not both');
  return {
    text: commands ?? commandsOf(config)[0] ?? '',
    interpreter: login_shell === true ? 'login' : interpreterOf(interpreter, config.script),
    workingDirectory: working_directory ?? null,
    environment: { ...environment, ...Object.fromEntries(secrets) },
    stdin: stdin ?? null,
    become: become === undefined ? null : { method: become.method ?? 'sudo', user: become.user ?? 'root' },
    successCodes: successCodesOf(config),
    stopOnError: stop_on_error ?? true,
  };
}

/** A script's first line names its interpreter as it would in a file, unless the config does. */
function interpreterOf(interpreter: string | undefined, script: string | undefined): readonly string[] | null {
  const named = interpreter ?? /^#!(.*)/.exec(script ?? '')?.[1];
  const words = named?.trim().split(/\s+/).filter(Boolean) ?? [];
  return words.length === 0 || (words.length === 1 && words[0] === '/bin/sh') ? null : words;
}
