import { configOrExit } from '#platform/config.ts';
import { migrate } from './migrate.ts';

// A process of its own, so that an installation can bring its database up to date before the new version serves anyone.
await migrate(configOrExit().database.url);
