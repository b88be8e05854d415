#!/usr/bin/env node
import { keepCompiledCode } from "./boot/compiled-code.ts";

// Everything else is loaded after this, so that it is found compiled.
keepCompiledCode(import.meta.url, process);
void import("./cli/process.ts").then(({ runProcess }) => runProcess());
