import { z } from 'zod';
import { ROLES } from '#db/schema/words.ts';
import { PERMISSIONS } from '../permissions.ts';
import { instant } from './json.ts';

export const RoleName = z.enum(ROLES);

/** A name in addresses and command lines. */
export const Name = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]{0,99}$/, 'expected lower-case letters, digits, ".", "_" or "-", at most 100, the first a letter or digit');

export const Password = z.string().min(12, 'expected at least 12 characters').max(1000);

/** Who the caller is and what they may do. */
export const Me = z
  .object({
    user: z.object({ id: z.string().nullable(), name: z.string() }),
    roles: z.array(RoleName),
    permissions: z.array(z.enum(PERMISSIONS)),
    must_change_password: z.boolean(),
  })
  .meta({ id: 'Me' });

export const UserView = z
  .object({
    id: z.string(),
    name: z.string(),
    display_name: z.string().nullable(),
    role: RoleName,
    groups: z.array(z.string()),
    active: z.boolean(),
    must_change_password: z.boolean(),
    version: z.number(),
    created_at: instant,
    updated_at: instant,
    last_login_at: instant.nullable(),
  })
  .meta({ id: 'User' });

export const GroupView = z
  .object({
    id: z.string(),
    name: z.string(),
    description: z.string().nullable(),
    role: RoleName.nullable(),
    members: z.array(z.string()),
    version: z.number(),
    created_at: instant,
    updated_at: instant,
  })
  .meta({ id: 'Group' });

export const TokenView = z
  .object({
    id: z.string(),
    user: z.string(),
    name: z.string(),
    prefix: z.string().meta({ description: 'how the token begins' }),
    role: RoleName,
    created_at: instant,
    expires_at: instant.nullable(),
    last_used_at: instant.nullable(),
    revoked_at: instant.nullable(),
  })
  .meta({ id: 'Token' });

export const NewTokenView = TokenView.extend({ token: z.string().meta({ description: 'shown this once' }) }).meta({ id: 'NewToken' });
