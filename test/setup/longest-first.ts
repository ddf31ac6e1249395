import path from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** The files that take longest, longest first: whichever of them began last would be waited for alone. */
const LONG = [
  'test/kills.real.test.ts',
  'test/verb-kills.real.test.ts',
  'test/reattach.real.test.ts',
  'platform/local/start.real.test.ts',
  'test/long-runs.real.test.ts',
  'test/holds.real.test.ts',
  'test/surgery.real.test.ts',
  'activities/device-command/simulated-devices.real.test.ts',
  'activities/transports/ssh/detached/detached.test.ts',
  'activities/transports/ssh/waiting.real.test.ts',
  'activities/transports/ssh/upkeep.real.test.ts',
  'test/transfers.real.test.ts',
  'test/effects.real.test.ts',
  'test/many-runs.real.test.ts',
];

/** Begins with the files known to be long, then with those that were long last time, and where nothing is known with the largest. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification): number => {
      const at = LONG.indexOf(path.relative(this.ctx.config.root, moduleId));
      return at === -1 ? LONG.length : at;
    };
    return (await super.sort(files)).sort((one, other) => place(one) - place(other));
  }
}
