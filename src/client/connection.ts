import type { Objects } from "../api/objects.ts";
import { type ContainerClient, containerClient } from "./container-client.ts";
import { probe, type ServerVersion } from "./probe.ts";
import { type RecordingStreamSink, streamRecording } from "./recording-stream.ts";
import { RemoteObjects } from "./remote-objects.ts";
import type { Transport } from "./transport.ts";

/** A cluster that answers. */
export interface Connection {
  readonly objects: Objects;
  readonly containers: ContainerClient;
  readonly url: string;
  /** What `/version` says now. */
  version(): Promise<ServerVersion>;
  /** Records the cluster, line by line; the returned function ends it. See recording-stream.ts. */
  record(sink: RecordingStreamSink): () => void;
  /** The cluster's time by its last answer, in ms since the epoch; undefined: it lives in real time. */
  timeMs(): number | undefined;
  /** Ends every connection and watch. */
  close(): Promise<void>;
}

/** All that a transport leads to; closing it closes the transport. */
export function connectionOver(transport: Transport): Connection {
  return {
    objects: new RemoteObjects(transport),
    containers: containerClient(transport),
    url: transport.url,
    version: () => probe(transport),
    record: (sink) => streamRecording(transport, sink),
    timeMs: () => transport.clusterTimeMs,
    close: () => transport.close(),
  };
}
