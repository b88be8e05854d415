import { escapeMarkup } from "./markup.ts";

const POLICY = "default-src 'none'; style-src 'unsafe-inline'";

/**
 * An HTML page that needs nothing else: no script, no network, light and dark.
 * @param title any text
 * @param main markup, line by line
 */
export function htmlPage(title: string, style: string, main: readonly string[]): string {
  return [
    "<!doctype html>",
    '<html lang="en">',
    "<head>",
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${POLICY}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    `<title>${escapeMarkup(title)}</title>`,
    `<style>${style}</style>`,
    "</head>",
    "<body>",
    "<main>",
    ...main,
    "</main>",
    "</body>",
    "</html>",
    "",
  ].join("\n");
}
