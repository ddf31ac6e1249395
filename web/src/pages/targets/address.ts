import type { Target } from '../../api/views.ts';

/** Where a target is reached, as `user@host:port`. */
export const addressOf = ({ username, host, port }: Pick<Target, 'username' | 'host' | 'port'>): string =>
  `${username ? `${username}@` : ''}${host ?? ''}${port ? `:${port}` : ''}`;
