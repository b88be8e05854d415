/** What the events of a simulation call their run. */
export const RUN_ID = "simulation";
