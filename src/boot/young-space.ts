const FLAG = "--max-semi-space-size";

/**
 * Node's arguments for a server: room for young objects, in MiB. It makes many that live for milliseconds; with V8's
 * default of 16 they are copied about and promoted, which costs a server at work about a sixth of its time.
 */
export const YOUNG_SPACE = `${FLAG}=64`;

/**
 * Puts the flag back to what it is by default; the room that it made is kept. V8 takes no code that was compiled under
 * other flags, and all of Node's own modules come compiled: without them a server's start is a tenth longer.
 * @returns the arguments that are left
 */
export function settleYoungSpace(execArgv: readonly string[]): readonly string[] {
  const others = execArgv.filter((argument) => argument !== YOUNG_SPACE);
  // Loaded only here: no command needs it.
  if (others.length < execArgv.length) process.getBuiltinModule("node:v8").setFlagsFromString(`${FLAG}=0`);
  return others;
}
