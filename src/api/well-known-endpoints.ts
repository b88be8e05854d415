/** Labels of Endpoints and EndpointSlices that Kubernetes gives a meaning. */
export const EndpointLabel = {
  serviceName: "kubernetes.io/service-name",
  /** On an EndpointSlice: which controller it belongs to. */
  sliceManagedBy: "endpointslice.kubernetes.io/managed-by",
  /** On Endpoints. */
  managedBy: "endpoints.kubernetes.io/managed-by",
  /** On Endpoints: `"true"` keeps them from being mirrored. */
  skipMirror: "endpointslice.kubernetes.io/skip-mirror",
} as const;

/** Who is said to manage them. */
export const MANAGER = {
  slices: "endpointslice-controller.k8s.io",
  mirroring: "endpointslicemirroring-controller.k8s.io",
  endpoints: "endpoint-controller",
} as const;
