import type { RunStepRow } from '#db/schema/runs.ts';
import type { KeyRing } from '#platform/key-ring.ts';
import { publicApiUrl } from '#platform/public-url.ts';
import { readToken, signToken } from '#platform/signed-token.ts';
import type { ArrivalCall } from '#workflows/messages.ts';
import type { Identity } from '../access/identity.ts';
import type { Services } from '../services.ts';
import { isUuid } from '../views/json.ts';

const PURPOSE = 'webhook of a step';

/** The address of a step that waits for a call from outside: nobody can make it up, and it takes one body. */
export function webhookUrl({ config, keyRing }: Pick<Services, 'config' | 'keyRing'>, { run, key }: ArrivalCall): string {
  return `${publicApiUrl(config)}/hooks/${signToken(keyRing, PURPOSE, `${run} ${key}`)}`;
}

/** The step that an address was made for; null for one that this installation has not made. */
export function stepOfToken(keyRing: KeyRing, token: string): ArrivalCall | null {
  const [run = '', key = ''] = readToken(keyRing, PURPOSE, token)?.split(' ', 2) ?? [];
  return isUuid(run) && key !== '' ? { run, key } : null;
}

/** The step with the address that it waits at, for those who may steer the run: whoever has it may call it. */
export function withWebhookUrl<S extends Pick<RunStepRow, 'run_id' | 'key' | 'hold' | 'status'>>(
  services: Pick<Services, 'config' | 'keyRing'>,
  { permissions }: Identity,
  step: S,
): S {
  if (step.hold?.kind !== 'webhook' || step.status !== 'waiting' || !permissions.has('run:steer')) return step;
  return { ...step, hold: { ...step.hold, url: webhookUrl(services, { run: step.run_id, key: step.key }) } };
}
