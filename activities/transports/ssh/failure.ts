import { StepFailure, stepFailure } from '#jobs/failure.ts';
import type { JsonObject } from '#jobs/json.ts';
import { type Algorithms, missingAlgorithm } from './algorithms.ts';
import { ChannelRefused } from './channel-refused.ts';
import { HandshakeError, type Stage } from './client.ts';
import { hopsOf, placeOf, type SshRoute } from './target.ts';

interface Ssh2Error extends Error {
  readonly level?: string;
  readonly code?: string | number;
}

/** True when a host dropped the connection before its identification, as sshd does over `MaxStartups`: worth another try at once. */
export function isDroppedAtConnect(error: unknown): boolean {
  if (error instanceof Error && (error as Ssh2Error).code === 'ECONNRESET') return true;
  if (!(error instanceof HandshakeError) || error.stage !== 'connect') return false;
  if (error.hello.spoke) return error.hello.text.includes('Exceeded MaxStartups');
  const { message, code } = error.cause as Ssh2Error;
  return code === 'ECONNRESET' || code === 'EPIPE' || /Connection lost before handshake|closed the connection/.test(message);
}

/** Where a failure happened: the target, the host of its way that failed, and how far that one came. */
export const whereOf = (route: SshRoute, stage: Stage): JsonObject => ({
  target: route.target.name,
  host: route.target.host,
  port: route.target.port,
  stage,
  ...(route.jump === null ? {} : { through: hopsOf(route).map(({ target }) => target.name) }),
});

/** `db-1 (app@10.0.0.7:22) through edge-1`. */
export const routeName = (route: SshRoute): string => {
  const hops = hopsOf(route).map(({ target }) => target.name);
  return `${placeOf(route.target)}${hops.length === 0 ? '' : ` through ${hops.join(', then ')}`}`;
};

/** The failure of a target that cannot be reached because a host on its way failed: that one's failure, naming both. */
export const hopFailure = (route: SshRoute, error: StepFailure): StepFailure => {
  const hop = error.details?.hop ?? error.details?.target;
  return new StepFailure(
    error.type,
    `${placeOf(route.target)} is reached through ${String(hop)}: ${error.message}`,
    { ...error.details, target: route.target.name, ...(hop === undefined ? {} : { hop }) },
    { cause: error.cause ?? error },
  );
};

/** The failure of a target that the host on its way opens no stream to. */
export function forwardFailure(route: SshRoute, error: Error): StepFailure {
  const { target, jump } = route;
  const hop = jump?.target.name ?? '';
  const forbidden = error instanceof ChannelRefused && error.forbidden;
  const why = forbidden ? `${hop} forbids to connect there (AllowTcpForwarding, PermitOpen)` : error.message;
  const message = `${placeOf(target)} cannot be reached through ${hop}: ${why}`;
  return stepFailure(forbidden ? 'policy' : 'connection', message, { ...whereOf(route, 'connect'), hop }, error);
}

/** An error of connecting, as the failure a person reads: which target, at which stage, and whether trying again can help. */
export function connectFailure(route: SshRoute, ours: Algorithms, error: unknown): StepFailure {
  if (error instanceof StepFailure) return new StepFailure(error.type, error.message, { ...whereOf(route, 'host_key'), ...error.details });
  if (!(error instanceof HandshakeError)) return unreachable(route, 'connect', error as Error);
  const where = routeName(route);
  const { stage, hello, methods } = error;
  const cause = error.cause as Ssh2Error;

  if (cause.level === 'client-authentication' || /parse privateKey|passphrase/i.test(cause.message) || isLoginRefusal(error)) {
    const takes = methods.length === 0 ? '' : `; it takes ${methods.join(', ')}`;
    return stepFailure('auth', `${where} refused the login: ${cause.message}${takes}`, whereOf(route, 'login'), error);
  }
  const missing = missingAlgorithm(cause.message);
  if (missing !== null) {
    const theirs = hello.offers?.[missing.kind] ?? [];
    const lists = `offered: ${ours[missing.kind].join(', ')}; the host takes: ${theirs.join(', ')}`;
    const details = { ...whereOf(route, 'host_key'), missing: missing.named, offered: [...ours[missing.kind]], host_takes: [...theirs] };
    return stepFailure('policy', `${where} and this worker share no ${missing.named}; ${lists}`, details, error);
  }
  if (stage === 'connect' && hello.spoke) {
    return stepFailure('connection', `${where} is no SSH server: it says ${JSON.stringify(hello.text)}`, whereOf(route, stage), error);
  }
  if (stage === 'connect' && cause.level === 'client-timeout') {
    return stepFailure('connection', `${where} takes connections and says nothing; no SSH server answers`, whereOf(route, stage), error);
  }
  return unreachable(route, stage, error);
}

/** The failure of a host that no stream leads to. */
export const unreachable = (route: SshRoute, stage: Stage, error: Error): StepFailure =>
  stepFailure('connection', `${routeName(route)} cannot be reached: ${error.message}`, whereOf(route, stage), error);

/** Hosts that have seen enough tries end the connection in their own words. */
const isLoginRefusal = ({ stage, message, cause }: HandshakeError): boolean =>
  stage === 'login' && ((cause as Ssh2Error).code === 14 || /too many authentication failures/i.test(message));

/** The failure of a host that lets the user in and then opens no channel, on one new connection after the other. */
export const noSessionFailure = (route: SshRoute, error: Error): StepFailure =>
  stepFailure(
    'connection',
    `${routeName(route)} accepts the login but starts no command: ${error.message}`,
    whereOf(route, 'channel'),
    error,
  );

/** The failure of a host that opens channels, but not for what was asked: no SFTP, no terminal. */
export const requestRefusedFailure = (route: SshRoute, error: Error): StepFailure =>
  stepFailure(
    'policy',
    `${routeName(route)} accepts the login but refuses the request: ${error.message}`,
    whereOf(route, 'channel'),
    error,
  );
