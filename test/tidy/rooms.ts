/** Who may import whom, and which vendor packages a room alone may use. The test beside this file keeps it true. */
export interface Room {
  /** Rooms it may import besides itself. */
  readonly rooms: readonly string[];
  /** Vendor packages that may be imported here (a package listed anywhere is forbidden elsewhere). */
  readonly packages: readonly string[];
}

export const ROOMS: Readonly<Record<string, Room>> = {
  boot: { rooms: [], packages: [] },
  lib: { rooms: [], packages: [] },
  clock: { rooms: ["lib"], packages: [] },
  api: { rooms: ["lib", "clock"], packages: ["@marcbachmann/cel-js", "re2js"] },
  store: { rooms: ["lib", "clock", "api"], packages: ["lmdb"] },
  scheduler: { rooms: ["lib", "clock", "api"], packages: [] },
  controllers: { rooms: ["lib", "clock", "api"], packages: [] },
  agents: { rooms: ["lib", "clock", "api"], packages: [] },
  shells: { rooms: ["lib", "clock", "api", "agents"], packages: ["just-bash"] },
  chaos: { rooms: ["lib", "clock", "api"], packages: [] },
  recording: { rooms: ["lib", "clock", "api", "chaos"], packages: [] },
  server: { rooms: ["lib", "clock", "api"], packages: ["ws", "yaml"] },
  client: { rooms: ["boot", "lib", "clock", "api"], packages: ["ofetch", "undici", "ws", "yaml"] },
  cluster: {
    rooms: [
      "lib",
      "clock",
      "api",
      "store",
      "scheduler",
      "controllers",
      "agents",
      "shells",
      "chaos",
      "recording",
      "server",
      "client",
    ],
    packages: [],
  },
  library: {
    rooms: ["lib", "clock", "api", "scheduler", "server", "client", "cluster"],
    packages: ["yaml"],
  },
  simulate: {
    rooms: [
      "lib",
      "clock",
      "api",
      "store",
      "scheduler",
      "controllers",
      "agents",
      "chaos",
      "recording",
      "cluster",
    ],
    packages: ["yaml", "tinypool"],
  },
  cli: {
    rooms: ["lib", "clock", "api", "client", "cluster", "chaos", "recording", "scheduler", "simulate"],
    packages: ["commander", "@inquirer/prompts", "@inquirer/core", "cli-table3", "yaml"],
  },
};
