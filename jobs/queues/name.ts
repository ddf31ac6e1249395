import { CAPABILITIES, type Capability } from '../step.ts';

/** The queue of a capability, or the one that it has for a zone. */
export const queueName = (capability: Capability, zone: string | null | undefined): string =>
  zone === null || zone === undefined ? capability : `${capability}@${zone}`;

/** The capability and zone of a queue that steps wait in; null for any other name. */
export function placeOfQueue(name: string): { readonly capability: Capability; readonly zone: string | null } | null {
  const at = name.indexOf('@');
  const capability = CAPABILITIES.find((one) => one === (at === -1 ? name : name.slice(0, at)));
  const zone = at === -1 ? null : name.slice(at + 1);
  return capability === undefined || zone === '' ? null : { capability, zone };
}
