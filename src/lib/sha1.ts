/** SHA-1 (RFC 3174) of bytes, for protocols that ask for it: 20 bytes. Not for anything that is to be secret. */
export function sha1(bytes: Uint8Array): Uint8Array {
  const words = padded(bytes);
  const hash = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0];
  const schedule = new Array<number>(80).fill(0);
  for (let start = 0; start < words.byteLength; start += 64) {
    for (let step = 0; step < 80; step++) {
      const at = (back: number) => schedule[step - back] as number;
      schedule[step] =
        step < 16 ? words.getInt32(start + 4 * step) : rotated(at(3) ^ at(8) ^ at(14) ^ at(16), 1);
    }
    mix(hash, schedule);
  }
  const digest = new DataView(new ArrayBuffer(20));
  for (const [index, word] of hash.entries()) digest.setInt32(4 * index, word);
  return new Uint8Array(digest.buffer);
}

/** The bytes, a one, zeros, and how many bits there were: whole blocks of 64 bytes. */
function padded(bytes: Uint8Array): DataView {
  const length = Math.ceil((bytes.length + 9) / 64) * 64;
  const whole = new Uint8Array(length);
  whole.set(bytes);
  whole[bytes.length] = 0x80;
  const view = new DataView(whole.buffer);
  view.setUint32(length - 4, bytes.length * 8);
  return view;
}

function mix(hash: number[], schedule: readonly number[]): void {
  let [a, b, c, d, e] = hash as [number, number, number, number, number];
  for (let step = 0; step < 80; step++) {
    const constant = CONSTANTS[Math.floor(step / 20)] as number;
    const next = (rotated(a, 5) + chosen(step, b, c, d) + e + constant + (schedule[step] as number)) | 0;
    [a, b, c, d, e] = [next, a, rotated(b, 30), c, d];
  }
  for (const [index, word] of [a, b, c, d, e].entries()) hash[index] = ((hash[index] as number) + word) | 0;
}

const CONSTANTS = [0x5a827999, 0x6ed9eba1, 0x8f1bbcdc, 0xca62c1d6] as const;

function chosen(step: number, b: number, c: number, d: number): number {
  if (step < 20) return (b & c) | (~b & d);
  return step >= 40 && step < 60 ? (b & c) | (b & d) | (c & d) : b ^ c ^ d;
}

function rotated(word: number, by: number): number {
  return (word << by) | (word >>> (32 - by));
}
