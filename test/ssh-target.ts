import type { ApiClient } from './api-client.ts';
import type { Sshd } from './peers/sshd.ts';

/** Registers a private sshd through the API: its key as the credential `<name>-key`, the host as the target `<name>`. */
export async function registerTarget(as: ApiClient, name: string, sshd: Sshd, policy: 'strict' | 'accept_new' = 'strict'): Promise<void> {
  await created(as, '/credentials', { name: `${name}-key`, kind: 'ssh_key', username: sshd.user, private_key: sshd.privateKey });
  await created(as, '/targets', {
    name,
    kind: 'ssh',
    host: sshd.host,
    port: sshd.port,
    credential: `${name}-key`,
    host_key_policy: policy,
    host_keys: policy === 'strict' ? sshd.hostKeys.map(({ type, key }) => ({ type, key })) : [],
  });
}

/** Makes a resource through the API; throws with the answer when it was not made. */
export async function created(as: ApiClient, path: string, body: object): Promise<void> {
  const answer = await as.call('POST', path, body);
  if (answer.status !== 201) throw new Error(`POST ${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
}
