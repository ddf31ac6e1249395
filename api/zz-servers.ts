import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { migrate } from '#db/migrate.ts';
import { startPostgres } from '#platform/local/postgres.ts';
import { startTemporal } from '#platform/local/temporal.ts';

const dir = mkdtempSync('/tmp/api-try-');
const [pg, t] = await Promise.all([
  startPostgres({ dir: dir + '/pg' }),
  startTemporal({ binary: process.env.HOME + '/.cache/capstan/temporal-1.8.2', logDir: dir, uiPort: null }),
]);
await migrate(pg.url);
writeFileSync('/tmp/api-try.env', `export DATABASE_URL='${pg.url}'\nexport TEMPORAL_ADDRESS=${t.address}\n`);
process.on('SIGTERM', async () => {
  await Promise.all([pg.stop(), t.stop()]);
  rmSync(dir, { recursive: true, force: true });
  process.exit(0);
});
setInterval(() => {}, 1e6);
