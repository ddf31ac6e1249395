import type { TargetValues } from '../queries/save-target.ts';

/** A plain host as a target, with what differs. */
export const targetValues = (name: string, also: Partial<TargetValues> = {}): TargetValues => ({
  name,
  kind: 'ssh',
  description: null,
  host: '127.0.0.1',
  port: 22,
  username: 'root',
  credential: null,
  tags: [],
  attributes: {},
  timezone: null,
  timeout_seconds: null,
  device_type: null,
  jump: null,
  remote_dir: null,
  legacy_algorithms: false,
  maintenance: [],
  host_key_policy: 'strict',
  host_keys: [],
  enabled: true,
  sample: false,
  ...also,
});
