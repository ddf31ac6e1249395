import type { Config } from './config.ts';

/** The address people reach the product at, for links; without a slash at its end. */
const publicUrl = ({ api }: Pick<Config, 'api'>): string => (api.public_url ?? `http://${api.host}:${api.port}`).replace(/\/$/, '');

/** The address of the API, as people reach it. */
export const publicApiUrl = (config: Pick<Config, 'api' | 'board'>): string =>
  `${publicUrl(config)}${config.board.api_prefix.replace(/\/$/, '')}`;
