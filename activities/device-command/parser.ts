import { stepFailure } from '#jobs/failure.ts';
import type { Json } from '#jobs/json.ts';
import type { StepContext } from '../contract.ts';
import type { DeviceType } from '../transports/device/platforms.ts';
import { type Parse, shown } from './dialogue.ts';
import { TextFsmError } from './textfsm/errors.ts';
import { parseOutput } from './textfsm/parse-output.ts';

/** What turns output into rows as the step asks for it: null for not at all. A template that cannot be used is `invalid_input`; output that it does not know is told in the log. */
export function parserOf(asked: Json, deviceType: DeviceType, step: StepContext): Parse | null {
  if (asked === false || asked === null) return null;
  const template = typeof asked === 'string' ? asked : undefined;
  return async (command, output) => {
    try {
      const rows = await parseOutput({ deviceType, command, output, template });
      if (rows === null) await step.log.line('warn', `there is no template for ${shown(step.masked(command))} on ${deviceType}`);
      return rows as Json;
    } catch (error) {
      if (!(error instanceof TextFsmError)) throw error;
      if (error.problem === 'template' && template !== undefined)
        throw stepFailure('invalid_input', `config.parse: ${error.message}`, undefined, error);
      await step.log.line('warn', `the output of ${shown(step.masked(command))} could not be parsed: ${error.message}`);
      return null;
    }
  };
}
