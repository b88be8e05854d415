import { pods } from "../../api/kinds/pod.ts";
import { listing } from "./list.ts";

export const run = listing(pods);
