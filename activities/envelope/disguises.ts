/** Secrets shorter than this are not masked: they would blank out half of any text. */
export const SHORTEST_SECRET = 4;
/** Shorter pieces of base64 or hex turn up by chance. */
const SHORTEST_DISGUISE = 6;

/**
 * The forms in which a secret may show up in output: as it is, each of its lines, in base64 at every alignment (both alphabets), in hex,
 * URL-encoded and JSON-escaped. Compressed, reversed or doubly encoded secrets are not found.
 */
export function disguisesOf(secret: string): readonly Buffer[] {
  if (secret.length < SHORTEST_SECRET) return [];
  const bytes = Buffer.from(secret);
  const plain = [secret, ...linesOf(secret)];
  const encoded = [
    ...[0, 1, 2].flatMap((offset) => base64Core(bytes, offset)),
    bytes.toString('hex'),
    bytes.toString('hex').toUpperCase(),
    ...urlForms(secret),
    JSON.stringify(secret).slice(1, -1),
    asciiJson(secret),
  ];
  const forms = new Set([...plain, ...encoded.filter((form) => form.length >= SHORTEST_DISGUISE || form === secret)]);
  return [...forms].map((form) => Buffer.from(form));
}

/** A key of many lines leaks line by line, so each is a secret of its own. */
const linesOf = (secret: string): readonly string[] =>
  secret.includes('\n')
    ? secret
        .split(/\r?\n/)
        .map((line) => line.trim())
        .filter((line) => line.length >= 16 && !line.startsWith('-----'))
    : [];

/** The base64 characters that the secret alone decides, whatever stands before and after it in the encoded data. */
function base64Core(bytes: Buffer, offset: number): readonly string[] {
  const encoded = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
  const core = encoded.slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + bytes.length) * 8) / 6));
  return [core, core.replaceAll('+', '-').replaceAll('/', '_')];
}

function urlForms(secret: string): readonly string[] {
  const form = encodeURIComponent(secret.toWellFormed());
  const strict = form.replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);
  return [form, strict, form.replaceAll('%20', '+')].flatMap((text) => [text, text.replace(/%../g, (code) => code.toLowerCase())]);
}

const asciiJson = (secret: string): string =>
  JSON.stringify(secret)
    .slice(1, -1)
    .replace(/[^\x20-\x7e]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
