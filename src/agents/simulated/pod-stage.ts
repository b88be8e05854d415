/** How far a pod has come on its machine. */
export type Stage =
  | "new"
  | "starting" // its first container
  | "running"
  | "ending" // it is decided how; sidecars are being stopped
  | "stopping" // it is being deleted
  | "ended"
  | "removed" // stopped because it was deleted; the API is told
  | "dropped"; // not this machine's any more
