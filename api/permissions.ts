import type { Role } from '#db/schema/people.ts';

/** Everything a person or a script can be allowed to do; each route states the one it needs. */
export const PERMISSIONS = [
  'account:own',
  'token:own',
  'job:read',
  'job:edit',
  'run:read',
  'run:start',
  'run:cancel',
  'run:steer',
  'run:delete',
  'target:read',
  'target:check',
  'target:edit',
  'credential:read',
  'credential:edit',
  'schedule:read',
  'schedule:pause',
  'schedule:edit',
  'calendar:read',
  'calendar:edit',
  'worker:read',
  'queue:pause',
  'queue:edit',
  'user:read',
  'user:edit',
  'audit:read',
  'log-file:read',
  'log-file:clean',
] as const;
export type Permission = (typeof PERMISSIONS)[number];

const VIEWER: readonly Permission[] = [
  'account:own',
  'token:own',
  'job:read',
  'run:read',
  'target:read',
  'credential:read',
  'schedule:read',
  'calendar:read',
  'worker:read',
];
const OPERATOR: readonly Permission[] = [
  ...VIEWER,
  'run:start',
  'run:cancel',
  'run:steer',
  'queue:pause',
  'target:check',
  'schedule:pause',
];

const GRANTS = { viewer: VIEWER, operator: OPERATOR, admin: PERMISSIONS } as const satisfies Record<Role, readonly Permission[]>;

/** What someone holding these roles may do, in the order of `PERMISSIONS`. */
export const permissionsOf = (roles: readonly Role[]): readonly Permission[] =>
  PERMISSIONS.filter((permission) => roles.some((role) => (GRANTS[role] as readonly Permission[]).includes(permission)));
