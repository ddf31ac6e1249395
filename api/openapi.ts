import { type Hono, Hono as HonoApp } from 'hono';
import { generateSpecs } from 'hono-openapi';
import { z } from 'zod';
import { open } from './access/can.ts';
import { describe } from './describe.ts';
import type { Env } from './env.ts';

const PROBLEM = {
  type: 'object',
  required: ['type', 'title', 'status', 'detail', 'instance', 'request_id'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    instance: { type: 'string' },
    request_id: { type: 'string' },
    problems: {
      type: 'array',
      items: {
        type: 'object',
        required: ['pointer', 'message', 'severity'],
        properties: {
          pointer: { type: 'string', description: 'RFC 6901 pointer into what was sent' },
          message: { type: 'string' },
          line: { type: 'integer' },
          column: { type: 'integer' },
          severity: { enum: ['error', 'warning'] },
        },
      },
    },
  },
} as const;

/** The OpenAPI 3.1 document of these routes, made at its first request and then kept. */
export const openapi = (app: Hono<Env>, prefix: string) => {
  let made: ReturnType<typeof makeDocument> | undefined;
  return new HonoApp<Env>().get(
    '/openapi.json',
    open(),
    describe({ tag: 'reference', summary: 'This document', answers: { 200: z.looseObject({ openapi: z.string() }) } }),
    async (c) => {
      made ??= makeDocument(app, prefix);
      c.header('Cache-Control', 'no-cache');
      return c.json(await made);
    },
  );
};

async function makeDocument(app: Hono<Env>, prefix: string) {
  const document = await generateSpecs(app, {
    excludeStaticFile: false,
    defaultValidationErrorResponse: false,
    documentation: {
      info: { title: 'Capstan', version: '1', description: 'Runs operations jobs as durable workflows on Temporal.' },
      servers: [{ url: '/' }],
      components: {
        schemas: { Problem: PROBLEM as never },
        securitySchemes: {
          token: { type: 'http', scheme: 'bearer', description: 'A personal access token, `cap_…`' },
          session: { type: 'apiKey', in: 'cookie', name: 'capstan_session', description: `From POST ${prefix}/login` },
        },
      },
    },
  });
  const refusal = {
    description: 'Refused or failed',
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
  };
  for (const [path, methods] of Object.entries(document.paths)) {
    const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '');
    for (const operation of Object.values(methods)) {
      if (typeof operation !== 'object' || Array.isArray(operation) || !('responses' in operation)) continue;
      Object.assign(operation, {
        parameters: [
          ...names.map((name) => ({ in: 'path', name, required: true, schema: { type: 'string' } })),
          ...(operation.parameters ?? []),
        ],
        responses: { ...operation.responses, default: refusal },
      });
    }
  }
  return document;
}
