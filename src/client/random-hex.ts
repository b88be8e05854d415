/** So many random bytes, in hexadecimal. Node's crypto is loaded only now: most commands make nothing. */
export function randomHex(bytes: number): string {
  return process.getBuiltinModule("node:crypto").randomBytes(bytes).toString("hex");
}
