/**
 * How text becomes words, the same for the search index and for live filtering: runs of letters, digits and underscores,
 * compatibility-folded, lower case, without marks ("Müller-2" → "muller", "2").
 */
export function toWords(text: string): string[] {
  const folded = isAscii(text) ? text : text.normalize("NFKD").replace(/\p{M}+/gu, "");
  return folded.toLowerCase().match(/[\p{L}\p{N}_]+/gu) ?? [];
}

export function isAscii(text: string): boolean {
  return !/[^\u0000-\u007f]/.test(text);
}
