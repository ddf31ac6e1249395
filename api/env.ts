import type { HttpBindings } from '@hono/node-server';
import type { Identity } from './access/identity.ts';
import type { Services } from './services.ts';

/** What every handler finds in its context; `identity` is null only behind `open()` routes. */
export interface Env {
  Bindings: HttpBindings;
  Variables: {
    requestId: string;
    services: Services;
    identity: Identity | null;
  };
}
