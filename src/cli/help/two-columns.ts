/** Two spaces, the name, the text; texts start in one column and wrap within the width. */
export function twoColumns(rows: readonly (readonly [string, string])[], width: number): string {
  const longest = Math.max(0, ...rows.map(([name]) => name.length));
  const indent = Math.min(longest, 38) + 4;
  const room = Math.max(24, Math.min(width, 100) - indent);
  return rows
    .map(([name, text]) => {
      const lines = wrap(text, room);
      const first =
        name.length + 4 > indent ? `  ${name}\n${" ".repeat(indent)}` : `  ${name.padEnd(indent - 2)}`;
      return `${first}${lines.join(`\n${" ".repeat(indent)}`)}`.trimEnd();
    })
    .join("\n");
}

/** Breaks a text at spaces into lines of at most `room` letters; longer words stand alone. */
export function wrap(text: string, room: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > room) {
      lines.push(line);
      line = word;
    } else {
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  lines.push(line);
  return lines;
}
