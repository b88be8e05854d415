import { parentPort } from "node:worker_threads";
import { ContainerFiles } from "./container-files.ts";
import type { FromShells, ShellCall, StartSession, ToShells } from "./messages.ts";
import { Session } from "./session.ts";

/**
 * The thread that emulated shells run in. A command computes without a pause until its limits end it, so it must not
 * share a thread with the server; nothing of the machine is loaded here but what just-bash's build for browsers needs,
 * which has neither files nor network.
 */
const port = parentPort as NonNullable<typeof parentPort>;
const files = new ContainerFiles();
const sessions = new Map<number, Session>();
const calls = new Map<number, (value: number) => void>();
let lastCall = 0;

function post(message: FromShells): void {
  port.postMessage(message);
}

function ask(session: number, what: ShellCall, value: number): Promise<number> {
  const call = ++lastCall;
  post({ type: "call", call, session, what, value });
  return new Promise((resolve) => calls.set(call, resolve));
}

function start(message: StartSession): void {
  const { session: id, container } = message;
  const session = new Session(message, files.of(container), {
    output: (fd, bytes) => post({ type: "output", session: id, fd, bytes }),
    ask: (what, value) => ask(id, what, value),
  });
  sessions.set(id, session);
  session.run().then(
    (code) => {
      sessions.delete(id);
      post({ type: "exit", session: id, code });
    },
    (error: unknown) => {
      sessions.delete(id);
      post({ type: "output", session: id, fd: 2, bytes: Buffer.from(`sh: ${String(error)}\n`) });
      post({ type: "exit", session: id, code: 126 });
    },
  );
}

port.on("message", (message: ToShells) => {
  switch (message.type) {
    case "start":
      return start(message);
    case "input":
      return sessions.get(message.session)?.input(Buffer.from(message.bytes));
    case "endInput":
      return sessions.get(message.session)?.endInput();
    case "resize":
      return sessions.get(message.session)?.resize(message.columns, message.rows);
    case "hangUp":
      return sessions.get(message.session)?.hangUp();
    case "answer": {
      calls.get(message.call)?.(message.value);
      calls.delete(message.call);
      return;
    }
    case "forget":
      return files.forget(message.container);
    case "ping":
      return post({ type: "pong" });
  }
});
