/** Header of every answer of a cluster in virtual time: its time (RFC 3339), so that clients can show ages. */
export const CLUSTER_TIME_HEADER = "kubesim-time";
