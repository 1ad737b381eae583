/** The characters of the GSM alphabet (3GPP TS 23.038), and those of its extension, which take two places. */
const alphabet = /^[@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&'()*+,\-./0-9:;<=>?¡A-ZÄÖÑÜ§¿a-zäöñüà\f^{}\\[~\]|€]*$/;
const extension = /[\f^{}\\[~\]|€]/;

/** How many SMS a text is billed as. A character that takes two places is never cut. */
export function countSegments(text: string): number {
  const gsm = alphabet.test(text);
  const sizes = [...text].map(character => (gsm ? (extension.test(character) ? 2 : 1) : character.length));
  const [single, part] = gsm ? [160, 153] : [70, 67];
  if (sizes.reduce((sum, size) => sum + size, 0) <= single) return 1;
  let segments = 1;
  let free = part;
  for (const size of sizes) {
    if (size > free) {
      segments++;
      free = part;
    }
    free -= size;
  }
  return segments;
}
