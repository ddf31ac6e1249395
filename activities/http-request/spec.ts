import { defineStep } from '#jobs/step.ts';

/** Sends one HTTP request, checks the answer's status and hands on its body. */
export const httpRequest = defineStep({
  type: 'http.request',
  title: 'Send an HTTP request',
  secrets: 'headers',
  effect: 'at-least-once',
  queue: 'http',
  defaults: { timeout: '1m', retry: { attempts: 3, delay: '1s', backoff: 2, max_delay: '30s', on: ['connection', 'timeout', 'lost'] } },
  config: {
    type: 'object',
    additionalProperties: false,
    required: ['url'],
    properties: {
      method: { enum: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'], default: 'GET', title: 'Method' },
      url: {
        type: 'string',
        minLength: 1,
        maxLength: 8192,
        title: 'URL',
        description:
          'http or https. Metadata and link-local addresses are always refused, loopback and private ones unless the worker allows them.',
      },
      query: {
        type: 'object',
        additionalProperties: { type: 'string' },
        title: 'Query',
        description: 'Added to the URL, encoded.',
      },
      headers: { type: 'object', additionalProperties: { type: 'string' }, maxProperties: 100, title: 'Headers' },
      secret_headers: {
        type: 'object',
        maxProperties: 20,
        additionalProperties: {
          type: 'string',
          pattern: '^[A-Za-z_][A-Za-z0-9_]{0,99}$',
          'x-expected': 'the name of a secret that the step binds under `secrets`',
        },
        title: 'Secret headers',
        description:
          'Header → name of a secret that the step binds under `secrets`, sent as it is stored (`Bearer …` included). Masked wherever it is shown, and not sent to another origin after a redirect.',
      },
      body: { title: 'Body', description: 'Text is sent as it is; any other value as JSON.' },
      expect: {
        type: 'object',
        additionalProperties: false,
        title: 'Expectation',
        description: 'What the answer must be, else the step fails as `assertion`.',
        properties: {
          status: {
            type: 'array',
            minItems: 1,
            items: { type: 'integer', minimum: 100, maximum: 599 },
            description: 'Accepted status codes; 200 to 299 when absent.',
          },
        },
      },
      follow_redirects: {
        type: 'integer',
        minimum: 0,
        maximum: 10,
        default: 5,
        title: 'Follow redirects',
        description: 'How many redirects are followed, each checked like the first address; 0 takes the redirect as the answer.',
      },
      max_bytes: {
        type: 'integer',
        minimum: 1,
        maximum: 16_777_216,
        default: 1_048_576,
        title: 'Largest answer',
        description: 'Bytes of the answer after decompression; a longer one fails the step as `policy`.',
      },
    },
  },
  result: {
    type: 'object',
    additionalProperties: false,
    required: ['status', 'headers', 'body', 'url'],
    properties: {
      status: { type: 'integer' },
      headers: { type: 'object', additionalProperties: { type: 'string' }, description: 'By lower-case name; cookies are left out' },
      body: { description: 'Parsed when the answer says it is JSON, else text' },
      url: { type: 'string', description: 'The address that answered, after redirects' },
    },
  },
  examples: [
    {
      title: 'a health check',
      config: { url: 'https://api.example.com/health' },
      expect: { status: 200, body: { status: 'ok' } },
    },
    {
      title: 'a JSON body',
      config: { method: 'POST', url: 'https://api.example.com/echo', body: { ticket: 7 } },
      expect: { status: 200, body: { ticket: 7 } },
    },
    {
      title: 'a login from the credentials',
      secrets: { API_TOKEN: 'api.password' },
      config: { url: 'https://api.example.com/health', secret_headers: { Authorization: 'API_TOKEN' } },
      expect: { status: 200 },
    },
    {
      title: 'a status that is expected to be missing',
      config: { url: 'https://api.example.com/gone', expect: { status: [404, 410] } },
      expect: { status: 410 },
    },
    { title: 'another status than expected fails the step', config: { url: 'https://api.example.com/gone' }, fails: 'assertion' },
  ],
});
