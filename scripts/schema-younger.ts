/** Documentation of types and fields that the package kubernetes-types lacks, by type and field; `""` is the type. */
export const YOUNGER: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  CSIDriverSpec: {
    nodeAllocatableUpdatePeriodSeconds: "How often the kubelet asks how many volumes a node can take.",
  },
  Container: {
    restartPolicyRules:
      "Rules, tried in order, that decide whether the container is restarted when it exits.",
  },
  ContainerExtendedResourceRequest: {
    "": "ContainerExtendedResourceRequest maps what a container asks for to a request in a resource claim.",
    containerName: "Name of the container that asks for the resource.",
    resourceName: "Name of the extended resource that the container asks for.",
    requestName: "Name of the request in the claim that stands for it.",
  },
  ContainerRestartRule: {
    "": "ContainerRestartRule says what happens when a container exits in a certain way.",
    action: "What is done when the rule matches. The only value is Restart.",
    exitCodes: "The exit codes that the rule is about.",
  },
  ContainerRestartRuleOnExitCodes: {
    "": "ContainerRestartRuleOnExitCodes selects containers by their exit codes.",
    operator: "How exit codes are compared: In or NotIn.",
    values: "The exit codes to compare with; at most 255 of them.",
  },
  ContainerStatus: {
    user: "The user that the first process of the container runs as.",
    allocatedResourcesStatus: "Health of the resources that were allocated to the container.",
    stopSignal: "The signal that stops the container.",
  },
  ContainerUser: {
    "": "ContainerUser says as which user a container runs.",
    linux: "The user ids of a container on Linux.",
  },
  DeleteOptions: {
    ignoreStoreReadErrorWithClusterBreakingPotential:
      "Deletes an object even if it can not be read from the store. Such a deletion skips finalizers.",
  },
  DeploymentStatus: { terminatingReplicas: "Pods of the deployment that are being deleted." },
  EndpointHints: { forNodes: "The nodes whose traffic the endpoint should get; at most 8." },
  EnvVarSource: { fileKeyRef: "Selects a key of a file of environment variables in a volume." },
  EphemeralContainer: {
    restartPolicyRules:
      "Rules that decide whether the container is restarted. Not allowed for ephemeral containers.",
  },
  FieldSelectorAttributes: {
    "": "FieldSelectorAttributes says to which fields an access is limited. Only one of its fields may be set.",
    rawSelector: "The selector as it stands in a query. Not evaluated when the server can parse it itself.",
    requirements: "The selector in parsed form. All requirements must hold.",
  },
  FieldSelectorRequirement: {
    "": "FieldSelectorRequirement is a condition on the value of one field.",
    key: "The field that the condition is about.",
    operator: "How the field relates to the values: In, NotIn, Exists or DoesNotExist.",
    values: "The values to compare with; empty for Exists and DoesNotExist.",
  },
  FileKeySelector: {
    "": "FileKeySelector selects a key of a file of environment variables.",
    volumeName: "Name of the volume that has the file.",
    path: "Path of the file in the volume; relative, and without '..'.",
    key: "The key in the file.",
    optional: "Whether the file and the key may be missing.",
  },
  ForNode: {
    "": "ForNode names a node whose traffic an endpoint should get.",
    name: "Name of the node.",
  },
  HPAScalingRules: {
    tolerance:
      "How far the metric may be from its target before replicas are changed, e.g. 0.1. Defaults to the cluster's.",
  },
  ImageVolumeSource: {
    "": "ImageVolumeSource is a volume with the content of an image.",
    reference: "Name of the image or artifact to use.",
    pullPolicy: "When the image is pulled: Always, Never or IfNotPresent.",
  },
  JSONSchemaProps: {
    "x-kubernetes-embedded-resource":
      "The value is a whole Kubernetes object: apiVersion and kind are required, metadata is checked.",
    "x-kubernetes-int-or-string": "The value is an integer or a string.",
    "x-kubernetes-list-map-keys": "The fields by which the items of a list of type map are told apart.",
    "x-kubernetes-list-type": "How a list is merged: atomic (the default), set or map.",
    "x-kubernetes-map-type": "How an object is merged: granular (the default) or atomic.",
    "x-kubernetes-preserve-unknown-fields": "Fields that are not specified are kept.",
    "x-kubernetes-validations": "Rules in the expression language CEL.",
  },
  LabelSelectorAttributes: {
    "": "LabelSelectorAttributes says to which labels an access is limited. Only one of its fields may be set.",
    rawSelector: "The selector as it stands in a query. Not evaluated when the server can parse it itself.",
    requirements: "The selector in parsed form. All requirements must hold.",
  },
  LeaseSpec: {
    preferredHolder: "Who should hold the lease next, in coordinated leader election.",
    strategy: "How the holder is picked in coordinated leader election.",
  },
  Lifecycle: { stopSignal: "The signal that stops the container. Needs spec.os.name." },
  LinuxContainerUser: {
    "": "LinuxContainerUser holds the user and group ids of a container on Linux.",
    uid: "User id of the first process.",
    gid: "Group id of the first process.",
    supplementalGroups: "Further groups of the first process.",
  },
  NodeFeatures: {
    "": "NodeFeatures says what the container runtime of a node can do.",
    supplementalGroupsPolicy:
      "Whether the runtime honours supplementalGroupsPolicy and the user of containers.",
  },
  NodeRuntimeHandlerFeatures: { userNamespaces: "Whether the handler can run pods in user namespaces." },
  NodeStatus: { features: "What the container runtime of the node can do." },
  NodeSwapStatus: {
    "": "NodeSwapStatus tells of the swap memory of a node.",
    capacity: "Swap memory in bytes.",
  },
  NodeSystemInfo: { swap: "The swap memory of the node." },
  PodCertificateProjection: {
    "": "PodCertificateProjection puts a private key and a certificate for the pod into a volume.",
    signerName: "Name of the signer of the certificate.",
    keyType: "Kind of the key pair, e.g. ED25519 or RSA4096.",
    maxExpirationSeconds: "How long the certificate may be valid at most, in seconds.",
    credentialBundlePath: "Path of the file with key and certificate chain.",
    keyPath: "Path of the file with the key.",
    certificateChainPath: "Path of the file with the certificate chain.",
  },
  PodCondition: { observedGeneration: "The metadata.generation of the pod that this condition is about." },
  PodExtendedResourceClaimStatus: {
    "": "PodExtendedResourceClaimStatus tells of the claim that was made for the extended resources of a pod.",
    requestMappings: "Which request of the claim stands for which resource of which container.",
    resourceClaimName: "Name of the claim, in the namespace of the pod.",
  },
  PodResourceClaim: {
    resourceClaimName: "Name of a claim in the namespace of the pod.",
    resourceClaimTemplateName:
      "Name of a template in the namespace of the pod, from which a claim is made for the pod.",
  },
  PodSecurityContext: {
    supplementalGroupsPolicy:
      "How the groups of the first process are found: Merge, with those of the image, or Strict.",
    seLinuxChangePolicy: "How volumes get the SELinux label of the pod: Recursive or MountOption.",
  },
  PodSpec: {
    resources: "What all containers of the pod may use together.",
    hostnameOverride: "The host name that the pod sees, whatever hostname and subdomain say.",
  },
  PodStatus: {
    observedGeneration: "The metadata.generation of the pod that this status is about.",
    extendedResourceClaimStatus: "The claim that was made for the extended resources of the pod.",
  },
  ReplicaSetStatus: { terminatingReplicas: "Pods of the replica set that are being deleted." },
  ResourceAttributes: {
    fieldSelector: "Limits the access to objects with certain fields.",
    labelSelector: "Limits the access to objects with certain labels.",
  },
  ResourceClaim: { request: "Name of the request of the claim that the container uses; empty for all." },
  ResourceHealth: {
    "": "ResourceHealth tells how well a resource is.",
    resourceID: "Id of the resource, unique on its node.",
    health: "Healthy, Unhealthy or Unknown.",
  },
  ResourceRule: {
    verbs: 'What may be done, e.g. get, list or watch. "*" means all.',
    resources: 'The resources that it may be done to. "*" means all, "*/name" a subresource of all.',
  },
  ResourceStatus: {
    "": "ResourceStatus tells how well the resources of one name are that a container got.",
    name: "Name of the resource.",
    resources: "Health of each of them.",
  },
  Volume: { image: "A volume with the content of an image, which is mounted read-only." },
  VolumeError: { errorCode: "The gRPC code of the error." },
  VolumeProjection: { podCertificate: "Puts a private key and a certificate for the pod into the volume." },
};
