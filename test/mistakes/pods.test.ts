import { type Mistake, mistakesOnCreate, mistakesOnUpdate, type Subject } from "./mistakes.ts";

const LABEL =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with " +
  "an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is " +
  "'[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const SUBDOMAIN =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and " +
  "end with an alphanumeric character (e.g. 'example.com', regex used for validation is " +
  "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const NAME_PART =
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character " +
  "(e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?" +
  "[A-Za-z0-9]')";
const LABEL_VALUE =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and " +
  "end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is " +
  "'(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";
const PORTS = "must be between 1 and 65535, inclusive";
const C = "spec.containers[0]";

const POD: Subject = {
  collection: "/api/v1/namespaces/default/pods",
  called: "Pod",
  sound: {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "web", namespace: "default", labels: { app: "web" } },
    spec: {
      containers: [
        {
          name: "main",
          image: "nginx:1.27",
          ports: [{ name: "http", containerPort: 80 }],
          env: [{ name: "A", value: "1" }],
          resources: { requests: { cpu: "100m", memory: "64Mi" }, limits: { cpu: "200m", memory: "128Mi" } },
          volumeMounts: [{ name: "data", mountPath: "/data" }],
          readinessProbe: { httpGet: { path: "/", port: "http" } },
        },
      ],
      volumes: [{ name: "data", emptyDir: {} }],
      tolerations: [{ key: "a", operator: "Exists" }],
    },
  },
};

const container =
  (change: object): Mistake[0] =>
  (pod) => {
    Object.assign(pod.spec.containers[0], change);
  };
const spec =
  (change: object): Mistake[0] =>
  (pod) => {
    Object.assign(pod.spec, change);
  };
const metadata =
  (change: object): Mistake[0] =>
  (pod) => {
    Object.assign(pod.metadata, change);
  };
const volume =
  (source: object): Mistake[0] =>
  (pod) => {
    pod.spec.volumes.push({ name: "more", ...source });
  };
const main = { name: "main", image: "nginx" };

mistakesOnCreate(POD, {
  "an upper case name": [metadata({ name: "Web" }), `metadata.name: Invalid value: "Web": ${SUBDOMAIN}`],
  "no name at all": [
    metadata({ name: undefined }),
    "metadata.name: Required value: name or generateName is required",
  ],
  "a label key with a blank": [
    metadata({ labels: { "a b": "c" } }),
    `metadata.labels: Invalid value: "a b": name part ${NAME_PART}`,
  ],
  "a label value with a slash": [
    metadata({ labels: { a: "b/c" } }),
    `metadata.labels: Invalid value: "b/c": ${LABEL_VALUE}`,
  ],
  "a label value that is too long": [
    metadata({ labels: { a: "x".repeat(64) } }),
    `metadata.labels: Invalid value: "${"x".repeat(64)}": must be no more than 63 bytes`,
  ],
  "too long annotations": [
    metadata({ annotations: { a: "x".repeat(256 * 1_024) } }),
    "metadata.annotations: Too long: may not be more than 262144 bytes",
  ],
  "a finalizer without a domain": [
    metadata({ finalizers: ["mine"] }),
    'metadata.finalizers[0]: Invalid value: "mine": name is neither a standard finalizer name nor is it fully ' +
      "qualified",
  ],
  "an owner without a uid": [
    metadata({ ownerReferences: [{ apiVersion: "v1", kind: "Node", name: "n", uid: "" }] }),
    'metadata.ownerReferences.uid: Invalid value: "": must not be empty',
  ],
  "two owners that control it": [
    metadata({
      ownerReferences: ["a", "b"].map((name) => ({
        ...{ apiVersion: "v1", kind: "Node", name },
        ...{ uid: name, controller: true },
      })),
    }),
    "metadata.ownerReferences: Invalid value: " +
      '[{"apiVersion":"v1","kind":"Node","name":"a","uid":"a","controller":true},' +
      '{"apiVersion":"v1","kind":"Node","name":"b","uid":"b","controller":true}]: ' +
      'Only one reference can have Controller set to true. Found "true" in references for Node/a and Node/b',
  ],
  "a deletion cost that is no number": [
    metadata({ annotations: { "controller.kubernetes.io/pod-deletion-cost": "low" } }),
    'metadata.annotations[controller.kubernetes.io/pod-deletion-cost]: Invalid value: "low": must be a 32bit integer',
  ],
  "no containers": [spec({ containers: [], volumes: [] }), "spec.containers: Required value"],
  "a container without a name": [container({ name: "" }), `${C}.name: Required value`],
  "a container's name with an underscore": [
    container({ name: "my_app" }),
    `${C}.name: Invalid value: "my_app": ${LABEL}`,
  ],
  "a container's name with a dot": [
    container({ name: "my.app" }),
    `${C}.name: Invalid value: "my.app": must not contain dots`,
  ],
  "two containers of one name": [
    spec({ containers: [main, main], volumes: [] }),
    'spec.containers[1].name: Duplicate value: "main"',
  ],
  "an init container with the name of another": [
    spec({ initContainers: [main] }),
    'spec.initContainers[0].name: Duplicate value: "main"',
  ],
  "an image with a blank": [
    container({ image: " nginx" }),
    `${C}.image: Invalid value: " nginx": must not have leading or trailing whitespace`,
  ],
  "a pull policy that is none": [
    container({ imagePullPolicy: "Sometimes" }),
    `${C}.imagePullPolicy: Unsupported value: "Sometimes": supported values: "Always", "IfNotPresent", "Never"`,
  ],
  "a port's name over 15 characters": [
    container({ ports: [{ name: "metrics-prometheus", containerPort: 80 }], readinessProbe: undefined }),
    `${C}.ports[0].name: Invalid value: "metrics-prometheus": must be no more than 15 bytes`,
  ],
  "a port's name in upper case": [
    container({ ports: [{ name: "HTTP", containerPort: 80 }], readinessProbe: undefined }),
    `${C}.ports[0].name: Invalid value: "HTTP": must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)`,
    `${C}.ports[0].name: Invalid value: "HTTP": must contain at least one letter (a-z)`,
  ],
  "two ports of one name": [
    container({
      ports: [
        { name: "http", containerPort: 80 },
        { name: "http", containerPort: 81 },
      ],
    }),
    `${C}.ports[1].name: Duplicate value: "http"`,
  ],
  "a port that is none": [
    container({ ports: [{ containerPort: 70_000 }] }),
    `${C}.ports[0].containerPort: Invalid value: 70000: ${PORTS}`,
  ],
  "a port without a number": [container({ ports: [{}] }), `${C}.ports[0].containerPort: Required value`],
  "a protocol in lower case": [
    container({ ports: [{ containerPort: 80, protocol: "tcp" }] }),
    `${C}.ports[0].protocol: Unsupported value: "tcp": supported values: "SCTP", "TCP", "UDP"`,
  ],
  "a host port asked for twice": [
    container({
      ports: [
        { containerPort: 80, hostPort: 8080 },
        { containerPort: 81, hostPort: 8080 },
      ],
    }),
    `${C}.ports[1].hostPort: Duplicate value: "TCP//8080"`,
  ],
  "another host port on the host's network": [
    (pod) => {
      pod.spec.hostNetwork = true;
      pod.spec.containers[0].ports = [{ containerPort: 80, hostPort: 8080 }];
    },
    `${C}.ports[0].hostPort: Invalid value: 8080: must match \`containerPort\` when \`hostNetwork\` is true`,
  ],
  "a variable with = in its name": [
    container({ env: [{ name: "A=B" }] }),
    `${C}.env[0].name: Invalid value: "A=B": a valid environment variable name must consist only of printable ASCII ` +
      "characters other than '='",
  ],
  "a variable without a name": [container({ env: [{ value: "1" }] }), `${C}.env[0].name: Required value`],
  "a variable with value and source": [
    container({ env: [{ name: "A", value: "1", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } }] }),
    `${C}.env[0].valueFrom: Invalid value: "": may not be specified when \`value\` is not empty`,
  ],
  "a variable from nowhere": [
    container({ env: [{ name: "A", valueFrom: {} }] }),
    `${C}.env[0].valueFrom: Invalid value: "": must specify one of: \`fieldRef\`, \`resourceFieldRef\`, ` +
      "`configMapKeyRef` or `secretKeyRef`",
  ],
  "a variable from a key without a name": [
    container({ env: [{ name: "A", valueFrom: { secretKeyRef: { name: "s", key: "" } } }] }),
    `${C}.env[0].valueFrom.secretKeyRef.key: Required value`,
  ],
  "a variable from a field that there is not": [
    container({ env: [{ name: "A", valueFrom: { fieldRef: { fieldPath: "metadata.nam" } } }] }),
    `${C}.env[0].valueFrom.fieldRef.fieldPath: Invalid value: "metadata.nam": error converting fieldPath: ` +
      "field label not supported: metadata.nam",
  ],
  "a variable from a field that is for files": [
    container({ env: [{ name: "A", valueFrom: { fieldRef: { fieldPath: "metadata.labels" } } }] }),
    `${C}.env[0].valueFrom.fieldRef.fieldPath: Unsupported value: "metadata.labels": supported values: ` +
      '"metadata.name", "metadata.namespace", "metadata.uid", "spec.nodeName", "spec.serviceAccountName", ' +
      '"status.hostIP", "status.hostIPs", "status.podIP", "status.podIPs"',
  ],
  "variables from nowhere": [
    container({ envFrom: [{ prefix: "A_" }] }),
    `${C}.envFrom: Invalid value: "": must specify one of: \`configMapRef\` or \`secretRef\``,
  ],
  "a mount of an unknown volume": [
    container({ volumeMounts: [{ name: "date", mountPath: "/data" }] }),
    `${C}.volumeMounts[0].name: Not found: "date"`,
  ],
  "two mounts in one place": [
    container({
      volumeMounts: [
        { name: "data", mountPath: "/data" },
        { name: "data", mountPath: "/data" },
      ],
    }),
    `${C}.volumeMounts[1].mountPath: Invalid value: "/data": must be unique`,
  ],
  "a mount without a place": [
    container({ volumeMounts: [{ name: "data", mountPath: "" }] }),
    `${C}.volumeMounts[0].mountPath: Required value`,
  ],
  "a part of a volume outside of it": [
    container({ volumeMounts: [{ name: "data", mountPath: "/data", subPath: "../etc" }] }),
    `${C}.volumeMounts.subPath: Invalid value: "../etc": must not contain '..'`,
  ],
  "two volumes of one name": [
    spec({
      volumes: [
        { name: "data", emptyDir: {} },
        { name: "data", emptyDir: {} },
      ],
    }),
    'spec.volumes[1].name: Duplicate value: "data"',
  ],
  "a volume of two types": [
    volume({ emptyDir: {}, configMap: { name: "c" } }),
    "spec.volumes[1].configMap: Forbidden: may not specify more than 1 volume type",
  ],
  "a volume of a secret by the wrong field": [
    volume({ secret: {} }),
    "spec.volumes[1].secret.secretName: Required value",
  ],
  "a volume of a ConfigMap without a name": [
    volume({ configMap: {} }),
    "spec.volumes[1].configMap.name: Required value",
  ],
  "a decimal file mode": [
    volume({ configMap: { name: "c", defaultMode: 644 } }),
    "spec.volumes[1].configMap.defaultMode: Invalid value: 644: must be a number between 0 and 0777 (octal), both " +
      "inclusive",
  ],
  "a volume of a claim without a name": [
    volume({ persistentVolumeClaim: { claimName: "" } }),
    "spec.volumes[1].persistentVolumeClaim.claimName: Required value",
  ],
  "a host path of an unknown type": [
    volume({ hostPath: { path: "/x", type: "Folder" } }),
    'spec.volumes[1].hostPath.type: Unsupported value: "Folder": supported values: "", "BlockDevice", "CharDevice", ' +
      '"Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket"',
  ],
  "requests above limits": [
    container({ resources: { requests: { cpu: "2000m" }, limits: { cpu: "1" } } }),
    `${C}.resources.requests: Invalid value: "2": must be less than or equal to cpu limit of 1`,
  ],
  "a negative request": [
    container({ resources: { requests: { memory: "-1Gi" } } }),
    `${C}.resources.requests[memory]: Invalid value: "-1Gi": must be greater than or equal to 0`,
  ],
  "a resource without a domain": [
    container({ resources: { limits: { gpu: "1" }, requests: { cpu: "1", gpu: "1" } } }),
    `${C}.resources.limits[gpu]: Invalid value: "gpu": must be a standard resource type or fully qualified`,
    `${C}.resources.limits[gpu]: Invalid value: "gpu": must be a standard resource for containers`,
    `${C}.resources.requests[gpu]: Invalid value: "gpu": must be a standard resource type or fully qualified`,
    `${C}.resources.requests[gpu]: Invalid value: "gpu": must be a standard resource for containers`,
  ],
  "half a GPU": [
    container({
      resources: { limits: { "nvidia.com/gpu": "500m" }, requests: { "nvidia.com/gpu": "500m" } },
    }),
    `${C}.resources.limits[nvidia.com/gpu]: Invalid value: "500m": must be an integer`,
    `${C}.resources.requests[nvidia.com/gpu]: Invalid value: "500m": must be an integer`,
  ],
  "a GPU without a limit": [
    container({ resources: { requests: { "nvidia.com/gpu": "1" } } }),
    `${C}.resources.limits: Required value: Limit must be set for non overcommitable resources`,
  ],
  "a probe that does nothing": [
    container({ livenessProbe: { periodSeconds: 5 } }),
    `${C}.livenessProbe: Required value: must specify a handler type`,
  ],
  "a probe that does two things": [
    container({ livenessProbe: { exec: { command: ["true"] }, tcpSocket: { port: 80 } } }),
    `${C}.livenessProbe.tcpSocket: Forbidden: may not specify more than 1 handler type`,
  ],
  "a liveness probe that has to succeed twice": [
    container({ livenessProbe: { tcpSocket: { port: 80 }, successThreshold: 2 } }),
    `${C}.livenessProbe.successThreshold: Invalid value: 2: must be 1`,
  ],
  "a probe of port 0": [
    container({ livenessProbe: { httpGet: { port: 0 } } }),
    `${C}.livenessProbe.httpGet.port: Invalid value: 0: ${PORTS}`,
  ],
  "a probe of a port with too long a name": [
    container({ livenessProbe: { httpGet: { port: "metrics-prometheus" } } }),
    `${C}.livenessProbe.httpGet.port: Invalid value: "metrics-prometheus": must be no more than 15 bytes`,
  ],
  "a probe in the past": [
    container({ livenessProbe: { tcpSocket: { port: 80 }, initialDelaySeconds: -1 } }),
    `${C}.livenessProbe.initialDelaySeconds: Invalid value: -1: must be greater than or equal to 0`,
  ],
  "a restart policy of a container": [
    container({ restartPolicy: "Always" }),
    `${C}.restartPolicy: Forbidden: may not be set for non-init containers`,
  ],
  "a probe of an init container": [
    spec({ initContainers: [{ name: "i", image: "i", livenessProbe: { tcpSocket: { port: 1 } } }] }),
    "spec.initContainers[0].livenessProbe: Forbidden: may not be set for init containers without restartPolicy=Always",
  ],
  "a container that may not and must be privileged": [
    container({ securityContext: { privileged: true, allowPrivilegeEscalation: false } }),
    `${C}.securityContext: Invalid value: {"privileged":true,"allowPrivilegeEscalation":false}: ` +
      "cannot set `allowPrivilegeEscalation` to false and `privileged` to true",
  ],
  "a user below 0": [
    spec({ securityContext: { runAsUser: -1 } }),
    "spec.securityContext.runAsUser: Invalid value: -1: must be between 0 and 4294967295, inclusive",
  ],
  "a seccomp profile that is none": [
    spec({ securityContext: { seccompProfile: { type: "Default" } } }),
    'spec.securityContext.seccompProfile.type: Unsupported value: "Default": supported values: "Localhost", ' +
      '"RuntimeDefault", "Unconfined"',
  ],
  "a restart policy that is none": [
    spec({ restartPolicy: "OnError" }),
    'spec.restartPolicy: Unsupported value: "OnError": supported values: "Always", "OnFailure", "Never"',
  ],
  "a DNS policy that is none": [
    spec({ dnsPolicy: "Cluster" }),
    'spec.dnsPolicy: Unsupported value: "Cluster": supported values: "ClusterFirstWithHostNet", "ClusterFirst", ' +
      '"Default", "None"',
  ],
  "no DNS policy and no name server": [
    spec({ dnsPolicy: "None" }),
    "spec.dnsConfig: Required value: must provide `dnsConfig` when `dnsPolicy` is None",
  ],
  "a name server by name": [
    spec({ dnsConfig: { nameservers: ["dns.local"] } }),
    'spec.dnsConfig.nameservers[0]: Invalid value: "dns.local": must be a valid IP address, (e.g. 10.9.8.7 or ' +
      "2001:db8::ffff)",
  ],
  "an alias of no address": [
    spec({ hostAliases: [{ ip: "localhost", hostnames: ["a"] }] }),
    'spec.hostAliases[0].ip: Invalid value: "localhost": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
  ],
  "a host name with dots": [
    spec({ hostname: "a.b" }),
    'spec.hostname: Invalid value: "a.b": must not contain dots',
  ],
  "a toleration without a key": [
    spec({ tolerations: [{ operator: "Equal", value: "a" }] }),
    'spec.tolerations[0].operator: Invalid value: "Equal": operator must be Exists when `key` is empty, which means ' +
      '"match all values and all keys"',
  ],
  "a toleration of any value, with one": [
    spec({ tolerations: [{ key: "a", operator: "Exists", value: "b" }] }),
    "spec.tolerations[0].operator: Invalid value: \"b\": value must be empty when `operator` is 'Exists'",
  ],
  "a node affinity without terms": [
    spec({
      affinity: {
        nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [] } },
      },
    }),
    "spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms: Required value: " +
      "must have at least one node selector term",
  ],
  "an anti-affinity without a topology key": [
    spec({
      affinity: {
        podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ labelSelector: {} }] },
      },
    }),
    "spec.affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].topologyKey: Required value: " +
      "can not be empty",
    'spec.affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].topologyKey: Invalid value: "": ' +
      "name part must be non-empty",
    "spec.affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].topologyKey: Invalid value: " +
      `"": name part ${NAME_PART}`,
  ],
  "a spread without anything": [
    spec({ topologySpreadConstraints: [{}] }),
    "spec.topologySpreadConstraints[0].maxSkew: Invalid value: 0: must be greater than zero",
    "spec.topologySpreadConstraints[0].topologyKey: Required value: can not be empty",
    'spec.topologySpreadConstraints[0].whenUnsatisfiable: Unsupported value: "": supported values: "DoNotSchedule", ' +
      '"ScheduleAnyway"',
  ],
  "a scheduling gate twice": [
    spec({ schedulingGates: [{ name: "a.b/c" }, { name: "a.b/c" }] }),
    'spec.schedulingGates[1]: Duplicate value: "a.b/c"',
  ],
  "a node for a gated pod": [
    spec({ schedulingGates: [{ name: "a.b/c" }], nodeName: "n" }),
    "spec.nodeName: Forbidden: cannot be set until all schedulingGates have been cleared",
  ],
  "a deadline of 0": [
    spec({ activeDeadlineSeconds: 0 }),
    "spec.activeDeadlineSeconds: Invalid value: 0: must be between 1 and 2147483647, inclusive",
  ],
  "several at once, in the order of the sources": [
    (pod) => {
      pod.metadata.name = "Web";
      pod.spec.restartPolicy = "x";
      pod.spec.containers[0].ports = [{ containerPort: -1 }];
      pod.spec.containers[0].imagePullPolicy = "x";
      pod.spec.volumes[0].name = "D";
      pod.spec.containers[0].volumeMounts = [];
    },
    `metadata.name: Invalid value: "Web": ${SUBDOMAIN}`,
    `spec.volumes[0].name: Invalid value: "D": ${LABEL}`,
    `${C}.ports[0].containerPort: Invalid value: -1: ${PORTS}`,
    `${C}.imagePullPolicy: Unsupported value: "x": supported values: "Always", "IfNotPresent", "Never"`,
    'spec.restartPolicy: Unsupported value: "x": supported values: "Always", "OnFailure", "Never"',
  ],
});

const FIXED =
  "spec: Forbidden: pod updates may not change fields other than `spec.containers[*].image`," +
  "`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing " +
  "tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)";

mistakesOnUpdate(POD, {
  "other variables": [container({ env: [{ name: "B" }] }), FIXED],
  "another restart policy": [spec({ restartPolicy: "Never" }), FIXED],
  "another container": [
    (pod) => pod.spec.containers.push({ ...main, name: "other" }),
    "spec.containers: Forbidden: pod updates may not add or remove containers",
  ],
  "a toleration less": [
    spec({ tolerations: [] }),
    "spec.tolerations: Forbidden: existing toleration can not be modified except its tolerationSeconds",
  ],
  "a gate": [
    spec({ schedulingGates: [{ name: "a.b/c" }] }),
    "spec.schedulingGates[0].name: Forbidden: only deletion is allowed, but found new scheduling gate 'a.b/c'",
  ],
  "another name of a label": [
    metadata({ labels: { "-a": "b" } }),
    `metadata.labels: Invalid value: "-a": name part ${NAME_PART}`,
  ],
});
