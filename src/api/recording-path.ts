/** Where a server streams what happens in its cluster, as the lines of a recording. */
export const RECORDING_PATH = "/recording";
