/** The uid of the pod that a run of a container, or a directory shared in it, is of: names begin with it. */
export function podOf(name: string): string {
  return name.slice(0, name.indexOf("/"));
}
