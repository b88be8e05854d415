/** The one part of undici that is needed; its index loads four times as much and costs 40 ms at every start. */
declare module "undici/lib/dispatcher/pool.js" {
  export { Pool as default } from "undici";
}
