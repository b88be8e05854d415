import type { PortConnection, PortPeer } from "../../../api/container-access.ts";
import type { Pod } from "../../../api/kinds/pod.ts";
import { Annotation } from "../../../api/well-known.ts";
import { HttpConversation } from "./http.ts";

/**
 * What listens on a port: a simple web page where a container declares the port or the pod says so, else an echo.
 * @param onPodEnd calls back when the containers end; what it returns stops that.
 */
export function openPort(
  pod: Pod,
  port: number,
  peer: PortPeer,
  onPodEnd: (callback: () => void) => () => void,
): PortConnection {
  let isOpen = true;
  const close = () => {
    if (!isOpen) return;
    isOpen = false;
    stop();
    peer.closed();
  };
  const stop = onPodEnd(close);
  const http = speaksHttp(pod, port) ? new HttpConversation(pod, port, peer, close) : undefined;
  return {
    send: (chunk) => {
      if (!isOpen) return;
      if (http === undefined) peer.receive(chunk);
      else http.push(Buffer.from(chunk));
    },
    end: close,
  };
}

/** `kubesim.dev/http`: `true` for every port, `false` for none, or a list of ports. */
export function speaksHttp(pod: Pod, port: number): boolean {
  const said = pod.metadata.annotations?.[Annotation.http];
  if (said === "true" || said === "false") return said === "true";
  if (said !== undefined) return said.split(",").some((each) => Number(each) === port);
  return pod.spec.containers.some(({ ports = [] }) =>
    ports.some(({ containerPort, protocol = "TCP" }) => containerPort === port && protocol === "TCP"),
  );
}
