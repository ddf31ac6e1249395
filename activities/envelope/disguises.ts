/** Secrets shorter than this are not masked: they would blank out half of any text. */
export const SHORTEST_SECRET = 4;
/** Shorter pieces of base64 or hex turn up by chance. */
const SHORTEST_DISGUISE = 6;

/** Shorter lines of a secret are not looked for by themselves. */
const SHORTEST_LINE = 8;

/**
 * The forms in which a secret may show up in output: as it is, in base64 at every alignment (both alphabets), in hex, URL-encoded and JSON-escaped.
 * One of several lines is looked for line by line in all these forms, wherever the whole stands or only a part. Compressed, reversed or doubly
 * encoded secrets are not found.
 */
export function disguisesOf(secret: string): readonly Buffer[] {
  if (secret.length < SHORTEST_SECRET) return [];
  return [...new Set([secret, ...piecesOf(secret).flatMap(formsOf)])].map((form) => Buffer.from(form));
}

function formsOf(piece: string): readonly string[] {
  const bytes = Buffer.from(piece);
  const encoded = [
    ...[0, 1, 2].flatMap((offset) => base64Core(bytes, offset)),
    bytes.toString('hex'),
    bytes.toString('hex').toUpperCase(),
    ...urlForms(piece),
    JSON.stringify(piece).slice(1, -1),
    asciiJson(piece),
  ];
  return [piece, ...encoded.filter((form) => form.length >= SHORTEST_DISGUISE)];
}

/** What is looked for in all forms: a key of many lines leaks line by line, so each is a secret of its own; the whole too when lines too short for that are part of it. */
function piecesOf(secret: string): readonly string[] {
  if (!secret.includes('\n')) return [secret];
  const lines = secret
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('-----'));
  const long = lines.filter((line) => line.length >= SHORTEST_LINE);
  const isKey = lines.slice(0, -1).every((line) => line.length >= SHORTEST_LINE) && long.length > 0;
  return isKey ? long : [secret, ...long];
}

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
