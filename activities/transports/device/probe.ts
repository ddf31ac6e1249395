import type { Json } from '#jobs/json.ts';
import type { TargetFacts } from '../../contract.ts';
import type { SshSession } from '../ssh/session.ts';
import { openDevice } from './device.ts';
import { driverOf } from './driver-of.ts';

/** Longest wait for the prompt. */
const LIMIT_MS = 15_000;

/** The last stage of a look at a device: opens its command line, finds the prompt and leaves again. Throws `invalid_input` for an unknown device type, `auth` or `connection` when no prompt comes. */
export const promptProbe =
  (target: Pick<TargetFacts, 'name' | 'device_type' | 'line_password'>) =>
  async (session: SshSession, signal: AbortSignal): Promise<Json> => {
    const { type, driver } = driverOf(target);
    const device = await openDevice(session, {
      driver,
      signal,
      target: target.name,
      user: session.peer.user,
      linePassword: target.line_password,
      enableSecret: null,
      questions: [],
      loginLimitMs: LIMIT_MS,
    });
    const { text, mode } = device.prompt;
    await device.close();
    return { device_type: type, prompt: text.trim(), mode };
  };
