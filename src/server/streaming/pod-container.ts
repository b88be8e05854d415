import { badRequest } from "../../api/errors.ts";
import type { Pod } from "../../api/kinds/pod.ts";

/**
 * The container that a request is about. Fails with BadRequest, in the words of kube-apiserver, when it must be named
 * or is not of the pod.
 */
export function chooseContainer({ metadata, spec }: Pod, asked: string | undefined): string {
  const names = spec.containers.map(({ name }) => name);
  const initNames = (spec.initContainers ?? []).map(({ name }) => name);
  if (asked !== undefined) {
    const all = [...names, ...initNames, ...(spec.ephemeralContainers ?? []).map(({ name }) => name)];
    if (all.includes(asked)) return asked;
    throw badRequest(`container ${asked} is not valid for pod ${metadata.name}`);
  }
  const [only, ...others] = names;
  if (only !== undefined && others.length === 0) return only;
  const inits = initNames.length === 0 ? "" : ` or one of the init containers: [${initNames.join(" ")}]`;
  const choice = `choose one of: [${names.join(" ")}]${inits}`;
  throw badRequest(`a container name must be specified for pod ${metadata.name}, ${choice}`);
}
