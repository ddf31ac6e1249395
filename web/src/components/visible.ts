/** C0 and C1 controls but tab and newline, marks that turn the direction of text, invisible spaces, and halves of surrogate pairs. */
const HIDDEN =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

const nameOf = (character: string): string => {
  const code = character.charCodeAt(0);
  // The pictures that Unicode has of controls are in few fonts.
  return code === 0x0d ? '' : `⟨U+${code.toString(16).toUpperCase().padStart(4, '0')}⟩`;
};

/** A foreign text with what the eye would not see, or what would turn the text around it, written out: NUL as `⟨U+0000⟩`, an override as `⟨U+202E⟩`. */
export const visible = (text: string): string => text.replace(HIDDEN, nameOf);

/** A foreign text as one line of at most so many characters. */
export const short = (text: string, most = 200): string =>
  visible(text.length > most ? `${text.slice(0, most - 1)}…` : text).replaceAll('\n', '⏎');
