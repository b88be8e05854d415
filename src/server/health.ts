import { type Answer, text } from "./answer.ts";
import type { Document } from "./documents.ts";
import type { ApiRequest } from "./request.ts";

/** What a health question looks at. A server that answers at all answers all of them. */
const CHECKS = ["ping", "etcd"];

/** `/healthz`, `/livez` and `/readyz`, and every check for itself: `/livez/etcd`. Anybody may ask. */
export function healthDocuments(): [string, Document][] {
  return ["healthz", "livez", "readyz"].flatMap((probe): [string, Document][] => [
    [`/${probe}`, { public: true, answer: (request) => health(probe, request) }],
    ...CHECKS.map((check): [string, Document] => [
      `/${probe}/${check}`,
      { public: true, answer: () => text(200, "ok") },
    ]),
  ]);
}

/** With `?verbose` check by check; `?exclude=NAME` leaves some out (apiserver, healthz.go). */
function health(probe: string, { target }: ApiRequest): Answer {
  const query = new URLSearchParams(target.split("?", 2)[1]);
  if (!query.has("verbose")) return text(200, "ok");
  const excluded = new Set(query.getAll("exclude"));
  const lines = CHECKS.map((check) =>
    excluded.delete(check) ? `[+]${check} excluded: ok` : `[+]${check} ok`,
  );
  if (excluded.size > 0) {
    const names = [...excluded].map((name) => `"${name}"`).join(",");
    lines.push(`warn: some health checks cannot be excluded: no matches for ${names}`);
  }
  return text(200, [...lines, `${probe} check passed`, ""].join("\n"));
}
