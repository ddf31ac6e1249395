import { stepFailure } from '#jobs/failure.ts';
import type { Driver } from './driver.ts';
import { DRIVERS } from './drivers.ts';
import { DEVICE_TYPES, type DeviceType, deviceTypeOf } from './platforms.ts';

/** The driver for a target's device type, also by another tool's name for it. Throws `invalid_input` naming the target and what is known. */
export function driverOf(target: { readonly name: string; readonly device_type: string | null }): {
  readonly type: DeviceType;
  readonly driver: Driver;
} {
  const type = target.device_type === null ? null : deviceTypeOf(target.device_type);
  if (type !== null) return { type, driver: DRIVERS[type] };
  const what = target.device_type === null ? 'no device_type' : `the unknown device_type ${JSON.stringify(target.device_type)}`;
  throw stepFailure('invalid_input', `the target ${target.name} has ${what}; known are ${DEVICE_TYPES.join(', ')}`, {
    target: target.name,
  });
}
