#!/usr/bin/env node
import { keepCompiledCode } from "./boot/compiled-code.ts";
import { settleYoungSpace } from "./boot/young-space.ts";

// Everything else is loaded after this, so that it is found compiled.
keepCompiledCode(import.meta.url, settleYoungSpace(process.execArgv), process);
void import("./cli/process.ts").then(({ runProcess }) => runProcess());
