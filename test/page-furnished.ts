import { hashOf, mintToken } from '#api/access/secret-token.ts';
import { insertToken } from '#db/queries/tokens.ts';
import type { Address } from '#web/src/addresses.ts';
import { created } from './ssh-target.ts';
import type { Stack } from './stack.ts';

/** An address as it is opened, and a text that stands on it once everything it shows is there. */
export interface Opened {
  readonly path: string;
  readonly reads: string;
  /** What stands there instead for who may only read; the permission, where it may not be seen. */
  readonly viewer?: string;
}

/** Fills an installation with something of everything, and answers with the ways each address of the page is opened; a new address has to be told here. */
export async function furnished(stack: Stack, reader: string): Promise<{ readonly [A in Address]: readonly Opened[] }> {
  const { as, database } = stack;
  await created(as, '/credentials', { name: 'far-key', kind: 'ssh_password', username: 'nobody', password: 'a-password' });
  await created(as, '/targets', {
    name: 'edge-ber',
    kind: 'ssh',
    host: '127.0.0.1',
    port: 9,
    credential: 'far-key',
    tags: ['edge', 'berlin'],
  });
  await created(as, '/groups', { name: 'netops', description: 'On call', members: [reader] });
  const [person] = await database.sql<{ id: string }[]>`select id from users where name = ${reader}`;
  const token = {
    user_id: person?.id ?? '',
    name: 'deploys',
    prefix: 'deploys0',
    hash: hashOf(mintToken()),
    role: 'viewer',
    expires_at: null,
  } as const;
  await insertToken(database.sql, token, { actor: reader, request_id: null, reason: null });
  await created(as, '/calendars', { name: 'holidays', timezone: 'Europe/Berlin', entries: ['12-24..12-26'] });
  const sweep = (timeout: string) => ({
    name: 'sweep',
    description: 'Asks every edge how it is',
    tags: ['nightly', 'edge'],
    parameters: {
      site: { type: 'string', enum: ['ber', 'fra'], default: 'ber', description: 'Where' },
      depth: { type: 'integer', default: 3 },
    },
    limits: { concurrency: { key: 'sweep-${{ parameters.site }}', max: 2 } },
    steps: [
      {
        id: 'fetch',
        type: 'local.exec',
        timeout,
        config: { command: 'echo fetched; echo "{\\"result_data\\": {\\"hosts\\": [{\\"name\\": \\"core\\", \\"up\\": true}]}}" >&3' },
        outputs: { hosts: '${{ result.result_data.hosts }}' },
      },
      {
        id: 'ping',
        type: 'local.exec',
        needs: ['fetch'],
        foreach: ['core-fra', 'edge-ber', 'edge-osl'],
        max_parallel: 3,
        retry: { attempts: 1 },
        config: {
          command: 'echo "at $HOST"; test "$HOST" != edge-ber || { echo refused >&2; exit 3; }',
          environment: { HOST: '${{ item }}' },
        },
      },
      { id: 'report', type: 'local.exec', needs: ['ping'], config: { command: 'echo done' } },
    ],
  });
  await as.job(sweep('5m'));
  await as.call('PUT', '/jobs/sweep', sweep('10m'), { 'if-match': '*' });
  await as.job({
    name: 'asks',
    parameters: { token: { type: 'string', secret: true } },
    limits: { concurrency: { key: 'change-window' } },
    steps: [{ id: 'ask', type: 'approval', config: { message: 'Go on?', approvers: ['netops'], timeout: '6h' } }],
  });
  await as.job({ name: 'gone', steps: [{ id: 'a', type: 'local.exec', config: { command: 'true' } }] });
  await as.call('DELETE', '/jobs/gone', undefined, { 'if-match': '*' });
  await created(as, '/schedules', {
    name: 'nightly',
    job: 'sweep',
    cron: '30 2 * * *',
    timezone: 'Europe/Berlin',
    calendars: [{ name: 'holidays', use: 'block' }],
  });
  await database.sql`
    insert into runs (id, created_at, job, status, client, trigger, created_by, workflow_id, started_at, ended_at, target, priority, error_message)
    select uuidv7(make_interval(mins => -20 * n)), now() - make_interval(mins => 20 * n), 'old-' || n % 7, (array['completed','completed','failed','lost','missed','cancelled','timed_out'])[1 + n % 7],
      'ACME', 'schedule', 'someone', 'w' || n, now() - make_interval(mins => 20 * n), now() - make_interval(mins => 20 * n) + make_interval(secs => 1 + n),
      'core-' || n % 9, 1 + n % 5, case when n % 7 = 2 then 'connection refused by core-' || n || ':22 (attempt 3 of 3)' end
    from generate_series(1, 60) n`;
  const runs = [await as.start('sweep'), await as.start('sweep', { parameters: { site: 'fra' } })] as const;
  const waiting = await as.start('asks', { parameters: { token: 'of-mine' } });
  for (const run of runs) await as.until(run);
  await as.until(waiting, ({ status }) => status === 'waiting');
  const [run, other] = runs;

  const each = (path: string, views: { readonly [view: string]: string | Omit<Opened, 'path'> }): readonly Opened[] =>
    Object.entries(views).map(([view, says]) => ({ path: path + view, ...(typeof says === 'string' ? { reads: says } : says) }));
  return {
    '/': each('/', { '': 'Every part answers' }),
    '/runs': each('/runs', { '': 'connection refused', '?layout=cards': 'connection refused', '?status=paused': 'No run matches' }),
    '/runs/:id/:view?': [
      ...each(`/runs/${run}`, {
        '': 'Attempts (1)',
        '/graph': 'Attempts (1)',
        '/hosts': 'Attempts (1)',
        '/log?step=fetch': 'fetched',
        '/outputs?step=fetch': 'hosts',
        '/events': 'a step it needs did not complete',
        '/lineage': 'This run came from no other',
        '/audit': { reads: 'run.start', viewer: 'audit:read' },
      }),
      ...each(`/runs/${waiting}`, { '': 'Go on?' }),
    ],
    '/compare': each('/compare', { '': 'Choose two runs', [`?a=${run}&b=${other}&all=1`]: 'fetch' }),
    '/jobs': each('/jobs', { '': 'Asks every edge' }),
    '/jobs/new': each('/jobs/new', { '?template=blank': 'checked by the server' }),
    '/jobs/:name/edit': each('/jobs/sweep/edit', { '': 'depends_on' }),
    '/jobs/trash': each('/jobs/trash', { '': 'gone' }),
    '/jobs/import': each('/jobs/import', { '': 'nothing is saved before the check' }),
    '/jobs/:name/:view?': each('/jobs/sweep', {
      '': 'Whole run',
      '/definition': 'local.exec',
      '/versions': 'What changed from v1 to v2',
      '/schedules': 'nightly',
      '/run': 'depth',
      '/health': 'Of version',
    }),
    '/calendars': each('/calendars', { '': 'holidays' }),
    '/calendars/new': each('/calendars/new', { '': 'Definition' }),
    '/calendars/:name': each('/calendars/holidays', { '': 'December' }),
    '/calendars/:name/edit': each('/calendars/holidays/edit', { '': 'Definition' }),
    '/queues/:view?': each('/queues', { '': 'Without a zone', '/shares': 'Share' }),
    '/schedules': each('/schedules', { '': 'nightly' }),
    '/schedules/agenda': each('/schedules/agenda', { '': 'to start' }),
    '/schedules/new': each('/schedules/new', { '': 'Job it starts' }),
    '/schedules/:name/edit': each('/schedules/nightly/edit', { '': 'Reckoned by zone data' }),
    '/schedules/:name/:view?': each('/schedules/nightly', {
      '': 'Told to Temporal',
      '/fires': 'No moment has come yet',
      '/backfills': 'Backfill…',
      '/history': 'first version',
      '/definition': 'Europe/Berlin',
    }),
    '/targets': each('/targets', { '': 'edge-ber' }),
    '/targets/new': each('/targets/new', { '': 'Host name or address' }),
    '/targets/:name': each('/targets/edge-ber', { '': 'far-key' }),
    '/targets/:name/edit': each('/targets/edge-ber/edit', { '': 'Host name or address' }),
    '/credentials': each('/credentials', { '': 'far-key' }),
    '/credentials/new': each('/credentials/new', { '': 'User name' }),
    '/credentials/:name': each('/credentials/far-key', { '': 'edge-ber' }),
    '/credentials/:name/replace': each('/credentials/far-key/replace', { '': 'User name' }),
    '/templates': each('/templates', { '': 'Use template' }),
    '/system': each('/system', { '': 'Temporal' }),
    '/workers': each('/workers', { '': 'Worker processes' }),
    '/me': each('/me', { '': 'Single' }),
    '/locks': each('/locks', { '': 'change-window' }),
    '/users': each('/users', { '': { reads: reader, viewer: 'user:read' } }),
    '/groups': each('/groups', { '': { reads: 'netops', viewer: 'user:read' } }),
    '/tokens': each('/tokens', { '': { reads: 'deploys', viewer: 'No token yet' } }),
    '/reference': each('/reference', { '': '/jobs' }),
    '*': each('/no/such/page', { '': '' }),
  };
}
