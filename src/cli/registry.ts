import type { Command } from "./command.ts";
import { help } from "./commands/help.ts";

/** Every command, in the order of help and documents: one line each. */
export const COMMANDS: readonly Command[] = [help];
