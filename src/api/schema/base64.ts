const ALPHABET_AND_PADDING = /^[A-Za-z0-9+/]*={0,2}$/;
const LETTER = /[A-Za-z0-9+/]/;
const QUANTUM = 4;

/** Whether the text is base64 with its padding and without line breaks. */
export function isPlainBase64(text: string): boolean {
  return text.length % QUANTUM === 0 && ALPHABET_AND_PADDING.test(text);
}

/** The text without line breaks. */
export function unfoldBase64(text: string): string {
  return text.replace(/[\r\n]/g, "");
}

/** Where a text stops being base64: the index that Go's decoder tells. For texts that are not base64 alone. */
export function illegalBase64At(text: string): number {
  let inQuantum = 0;
  for (let index = 0; index < text.length; index++) {
    const letter = text.charAt(index);
    if (letter === "\n" || letter === "\r") continue;
    if (letter === "=") return inQuantum < 2 ? index : illegalPaddingAt(text, index, inQuantum);
    if (!LETTER.test(letter)) return index;
    inQuantum = (inQuantum + 1) % QUANTUM;
  }
  return text.length - inQuantum;
}

/** Behind the first sign of padding stands the second, if one is wanted, and then nothing. */
function illegalPaddingAt(text: string, first: number, inQuantum: number): number {
  let end = nextAt(text, first + 1);
  if (inQuantum === 2) {
    if (end === text.length) return end;
    if (text.charAt(end) !== "=") return end - 1;
    end = nextAt(text, end + 1);
  }
  return end;
}

/** The index of the next sign that is no line break. */
function nextAt(text: string, start: number): number {
  let index = start;
  while (text.charAt(index) === "\n" || text.charAt(index) === "\r") index++;
  return index;
}
