import { type Sshd, startSshd } from './sshd.ts';

/** What this server's SFTP refuses: without these a client must rename, flush and size its requests the old way. */
const BANNED = 'posix-rename,fsync,limits';

/** Starts an OpenSSH server that gives nothing but a reduced SFTP, two channels a connection. */
export const startSftpOnly = (): Promise<Sshd> => {
  const sftp = `internal-sftp -P ${BANNED}`;
  return startSshd({ config: ['MaxSessions 2', `ForceCommand ${sftp}`], sftp });
};
