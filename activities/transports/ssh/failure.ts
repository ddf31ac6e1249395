import { StepFailure, stepFailure } from '#jobs/failure.ts';
import type { SshTarget } from './target.ts';

interface Ssh2Error extends Error {
  readonly level?: string;
  readonly code?: string;
}

/** True when a host dropped the connection before saying anything, as sshd does over `MaxStartups`: worth another try at once. */
export const isDroppedAtConnect = (error: Ssh2Error): boolean =>
  error.message.includes('Connection lost before handshake') || (error.level === 'client-socket' && error.code === 'ECONNRESET');

/** An error of connecting, as the failure a person reads: which target, at which stage, and whether trying again can help. */
export function connectFailure(target: SshTarget, error: Ssh2Error): StepFailure {
  if (error instanceof StepFailure) return error;
  const where = `${target.name} (${target.user}@${target.host}:${target.port})`;
  const details = { target: target.name, host: target.host, port: target.port };

  if (error.level === 'client-authentication' || /parse privateKey|passphrase/i.test(error.message)) {
    return stepFailure('auth', `${where} refused the login: ${error.message}`, { ...details, stage: 'login' }, error);
  }
  if (error.message.startsWith('Handshake failed: no matching')) {
    return stepFailure(
      'policy',
      `${where} and this worker share no algorithm: ${error.message}`,
      { ...details, stage: 'handshake' },
      error,
    );
  }
  const stage = error.level === 'client-socket' ? 'connect' : 'handshake';
  return stepFailure('connection', `${where} cannot be reached: ${error.message}`, { ...details, stage }, error);
}

/** The failure of a host that lets the user in and then opens no session, on one new connection after the other. */
export const noSessionFailure = (target: SshTarget, error: Error): StepFailure =>
  stepFailure(
    'connection',
    `${target.name} (${target.user}@${target.host}:${target.port}) accepts the login but starts no command: ${error.message}`,
    { target: target.name, stage: 'session' },
    error,
  );

/** The failure of a host that opens channels, but not for what was asked: no SFTP, no terminal. */
export const requestRefusedFailure = (target: SshTarget, error: Error): StepFailure =>
  stepFailure(
    'policy',
    `${target.name} (${target.user}@${target.host}:${target.port}) accepts the login but refuses the request: ${error.message}`,
    { target: target.name, stage: 'channel' },
    error,
  );

/** The failure of a command whose connection ended before its exit code came: nobody knows how it ended. */
export const lostFailure = (target: SshTarget): StepFailure =>
  stepFailure(
    'lost',
    `the connection to ${target.name} (${target.host}:${target.port}) ended before the command did; its outcome is unknown`,
    { target: target.name, stage: 'command' },
  );
