import { Hono } from 'hono';
import { expect, test } from 'vitest';
import type { Env } from '../env.ts';
import { can, open, requireStatedPermissions } from './can.ts';

test('a route without a permission keeps the API from starting, however deep it is mounted', () => {
  const inner = new Hono<Env>().get('/a', can('run:read'), (c) => c.text('a')).post('/b', (c) => c.text('b'));
  const app = new Hono<Env>().route('/api', new Hono<Env>().route('/inner', inner));
  expect(() => requireStatedPermissions(app)).toThrow('POST /api/inner/b states no permission');
});

test('a permission stated after the handler counts for nothing', () => {
  const app = new Hono<Env>().get('/a', (c) => c.text('a')).get('/a', can('run:read'));
  expect(() => requireStatedPermissions(app)).toThrow('GET /a states no permission');
});

test('routes that state a permission, or that they are open, are served', () => {
  const app = new Hono<Env>()
    .use((_c, next) => next())
    .get('/a', can('run:read'), (c) => c.text('a'))
    .get('/b', open(), (c) => c.text('b'));
  expect(() => requireStatedPermissions(app)).not.toThrow();
});
