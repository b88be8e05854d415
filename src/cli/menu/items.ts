import type { Command } from "../command.ts";

/** A line of the menu. */
export type MenuItem =
  | { readonly kind: "command"; readonly label: string; readonly command: Command }
  | { readonly kind: "submenu"; readonly label: string; readonly commands: readonly Command[] };

/** The menu's lines, made of the commands' own entries in their order; a submenu stands where its first entry would. */
export function menuItems(commands: readonly Command[]): MenuItem[] {
  const entries = commands
    .filter((command) => command.menu !== undefined)
    .sort((a, b) => (a.menu?.order ?? 0) - (b.menu?.order ?? 0));
  const items: MenuItem[] = [];
  const submenus = new Set<string>();
  for (const command of entries) {
    const { label = "", submenu } = command.menu ?? {};
    if (submenu === undefined) items.push({ kind: "command", label, command });
    else if (!submenus.has(submenu)) {
      submenus.add(submenu);
      const inside = entries.filter((candidate) => candidate.menu?.submenu === submenu);
      items.push({ kind: "submenu", label: submenu, commands: inside });
    }
  }
  return items;
}
