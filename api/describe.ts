import type { MiddlewareHandler } from 'hono';
import { describeRoute, resolver, uniqueSymbol } from 'hono-openapi';
import type { z } from 'zod';
import type { Problem } from '#jobs/problem.ts';
import type { Env } from './env.ts';
import { HttpProblem } from './problem.ts';

type Answers = { readonly [status: number]: z.ZodType | string };

/** What documentation says of a route. */
interface About {
  readonly tag: string;
  readonly summary: string;
  /** By status; a text instead of a schema stands for an answer without a body. */
  readonly answers: Answers;
  /** Types of bodies that the handler reads itself. */
  readonly takes?: readonly string[];
}

/** Documents a route. */
export const describe = (about: About): MiddlewareHandler<Env> =>
  describeRoute({
    tags: [about.tag],
    summary: about.summary,
    ...(about.takes && { requestBody: { required: true, content: Object.fromEntries(about.takes.map((type) => [type, {}])) } }),
    responses: Object.fromEntries(
      Object.entries(about.answers).map(([status, answer]) => [
        status,
        typeof answer === 'string'
          ? { description: answer }
          : { description: answer.description ?? about.summary, content: { 'application/json': { schema: resolver(answer) } } },
      ]),
    ),
  });

type Checked<Target extends 'json' | 'query', S extends z.ZodType> = MiddlewareHandler<
  Env,
  string,
  { in: { [T in Target]: z.input<S> }; out: { [T in Target]: z.output<S> } }
>;

/** Reads and checks a JSON body; no body counts as `{}`. With `secret`, refusals never repeat what was sent. */
export const body = <S extends z.ZodType>(schema: S, options: { readonly secret?: boolean } = {}): Checked<'json', S> => {
  const read: Checked<'json', S> = async (c, next) => {
    const type = c.req.header('content-type');
    const text = await c.req.text();
    if (text !== '' && !/^application\/([a-z.-]+\+)?json\b/i.test(type ?? '')) {
      throw new HttpProblem(415, `content-type: ${type ?? 'none'} is not accepted here; send application/json`);
    }
    const value = text === '' ? {} : parseJson(text, options.secret);
    const checked = schema.safeParse(value);
    if (!checked.success) throw refused(checked.error, value, 422, options.secret ?? false);
    c.req.addValidatedData('json', checked.data as object);
    await next();
  };
  return Object.assign(read, { [uniqueSymbol]: { target: 'json', ...resolver(schema) } });
};

/** Reads and checks the query string; every value arrives as text, a name given twice is refused. */
export const query = <S extends z.ZodType>(schema: S): Checked<'query', S> => {
  const read: Checked<'query', S> = async (c, next) => {
    const value: Record<string, string> = {};
    for (const [name, values] of Object.entries(c.req.queries())) {
      if (values.length > 1) throw new HttpProblem(400, `${name}: given ${values.length} times; give it once, with commas between values`);
      value[name] = values[0] ?? '';
    }
    const checked = schema.safeParse(value);
    if (!checked.success) throw refused(checked.error, value, 400, false);
    c.req.addValidatedData('query', checked.data as object);
    await next();
  };
  return Object.assign(read, { [uniqueSymbol]: { target: 'query', ...resolver(schema) } });
};

/** The value of a JSON text, or a 400 that says where it stops being JSON, unless it is `secret`. Text with a NUL character or half of a surrogate pair, which Postgres cannot store, is a 422. */
export function parseJson(text: string, secret = false): unknown {
  try {
    // Only a text that can hold one is searched value by value.
    return UNSTORABLE.test(text) ? JSON.parse(text, refuseUnstorable) : JSON.parse(text);
  } catch (error) {
    if (error instanceof HttpProblem) throw error;
    // What the parser says quotes the text around.
    const why = secret ? 'what is wrong with it is not repeated here' : error instanceof Error ? error.message : error;
    throw new HttpProblem(400, `the body is not JSON: ${why}`);
  }
}

/** Escapes of a NUL character, and of what may be half of a pair. */
const UNSTORABLE = /\\u(0000|d[89a-f])/i;

function refuseUnstorable(key: string, value: unknown): unknown {
  const [inName, inValue] = [key, value].map((text) => (typeof text === 'string' ? whyUnstorable(text) : null));
  if (inName) throw new HttpProblem(422, `the name of a field holds ${inName}`);
  if (inValue) throw new HttpProblem(422, `${key || 'body'}: holds ${inValue}`);
  return value;
}

function whyUnstorable(text: string): string | null {
  if (text.includes('\0')) return 'a NUL character';
  return text.isWellFormed() ? null : 'half of a surrogate pair, which is no character';
}

/** What a schema finds wrong with a value, in our words; `called` names a value that is no object. */
export const zodProblems = (error: z.ZodError | undefined, sent: unknown, called?: string): readonly Problem[] =>
  (error?.issues ?? []).flatMap((issue) =>
    called === undefined
      ? toProblems(issue, sent, false)
      : toProblems({ ...issue, path: [called, ...issue.path] }, { [called]: sent }, false),
  );

function refused(error: z.ZodError, sent: unknown, status: 400 | 422, secret: boolean): HttpProblem {
  const problems = error.issues.flatMap((issue) => toProblems(issue, sent, secret));
  return new HttpProblem(status, problems.map((problem) => problem.message).join('; '), { problems });
}

/** Fields that people put secrets into where none belong. */
const LIKE_SECRET = /pass|secret|token|key/i;

function toProblems(issue: z.core.$ZodIssue, sent: unknown, secret: boolean): readonly Problem[] {
  const paths = issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...issue.path, key]) : [issue.path];
  return paths.map((path) => {
    const value = path.reduce(partOf, sent);
    const isSecret = secret || (issue.code === 'unrecognized_keys' && LIKE_SECRET.test(String(path.at(-1))));
    const shown = value === undefined ? 'missing' : isSecret ? 'the value' : clip(JSON.stringify(value));
    const expectation = issue.code === 'unrecognized_keys' ? 'is not known here' : issue.message.replace(/^Invalid input: /, '');
    return {
      pointer: path.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join(''),
      message: `${path.map(String).join('.') || 'body'}: ${shown}; ${expectation}`,
      severity: 'error',
    };
  });
}

/** A part of what was sent, also one of several words with commas between. */
function partOf(whole: unknown, key: PropertyKey): unknown {
  if (typeof whole === 'string' && typeof key === 'number') return whole.split(',')[key];
  return typeof whole === 'object' && whole !== null ? Reflect.get(whole, key) : undefined;
}

const clip = (text: string) => (text.length > 80 ? `${text.slice(0, 79)}…` : text);
