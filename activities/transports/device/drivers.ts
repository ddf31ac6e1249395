import type { Driver } from './driver.ts';
import { withCandidate } from './drivers/candidate.ts';
import { cisco } from './drivers/cisco.ts';
import { brackets } from './drivers/comware.ts';
import { frr } from './drivers/frr.ts';
import { nokia } from './drivers/nokia.ts';
import { singleView } from './drivers/single-view.ts';
import { likeCisco } from './drivers/stairs.ts';
import type { DeviceType } from './platforms.ts';

/** How each platform's command line behaves. */
export const DRIVERS = {
  ...cisco,
  ...likeCisco,
  ...withCandidate,
  ...brackets,
  ...nokia,
  ...singleView,
  ...frr,
} as const satisfies Record<DeviceType, Driver>;
