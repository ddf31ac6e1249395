/** Escape sequences of terminals: colours and cursor moves (`[…m`), titles and links (`]…`), and those of one letter. Groups: parameters and final letter of the first kind. */
export const ESCAPES = String.raw`\u001b\[([0-?]*)[ -/]*([@-~])|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)|\u001b[ -/]*[0-Z\\^-~]`;

const EVERY = new RegExp(ESCAPES, 'g');

/** The text as a person reads it in a terminal, without its colours and cursor moves. */
export const withoutEscapes = (text: string): string => (text.includes('\u001b') ? text.replace(EVERY, '') : text);
