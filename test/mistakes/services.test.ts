import { horizontalPodAutoscalers } from "../../src/api/kinds/horizontal-pod-autoscaler.ts";
import { podDisruptionBudgets } from "../../src/api/kinds/pod-disruption-budget.ts";
import { services } from "../../src/api/kinds/service.ts";
import { DNS_1035, spec, subject } from "./changes.ts";
import { type Mistake, mistakesOnCreate, mistakesOnUpdate } from "./mistakes.ts";

const PORTS = "must be between 1 and 65535, inclusive";
const IP = "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)";
const BALANCED = "may only be used when `type` is 'LoadBalancer'";

mistakesOnCreate(subject(services), {
  "a name that starts with a digit": [
    (object) => {
      object.metadata.name = "1web";
    },
    `metadata.name: Invalid value: "1web": ${DNS_1035}`,
  ],
  "no ports": [spec({ ports: [] }), "spec.ports: Required value"],
  "two ports, one without a name": [
    spec({ ports: [{ port: 80 }, { name: "b", port: 81 }] }),
    "spec.ports[0].name: Required value",
  ],
  "two ports of one name": [
    spec({
      ports: [
        { name: "a", port: 80 },
        { name: "a", port: 81 },
      ],
    }),
    'spec.ports[1].name: Duplicate value: "a"',
  ],
  "one port twice": [
    spec({
      ports: [
        { name: "a", port: 80 },
        { name: "b", port: 80 },
      ],
    }),
    "spec.ports[1]: Duplicate value: " +
      '{"Name":"","Protocol":"TCP","AppProtocol":null,"Port":80,"TargetPort":0,"NodePort":0}',
  ],
  "a port that is none": [
    spec({ ports: [{ port: 0, targetPort: 80 }] }),
    `spec.ports[0].port: Invalid value: 0: ${PORTS}`,
  ],
  "a protocol that is none": [
    spec({ ports: [{ port: 80, protocol: "HTTP" }] }),
    'spec.ports[0].protocol: Unsupported value: "HTTP": supported values: "SCTP", "TCP", "UDP"',
  ],
  "a target of too long a name": [
    spec({ ports: [{ port: 80, targetPort: "metrics-prometheus" }] }),
    'spec.ports[0].targetPort: Invalid value: "metrics-prometheus": must be no more than 15 bytes',
  ],
  "a node port for ClusterIP": [
    spec({ ports: [{ port: 80, nodePort: 30_080 }] }),
    "spec.ports[0].nodePort: Forbidden: may not be used when `type` is 'ClusterIP'",
  ],
  "a node port out of range": [
    spec({ type: "NodePort", ports: [{ port: 80, nodePort: 80 }] }),
    "spec.ports[0].nodePort: Invalid value: 80: provided port is not in the valid range. The range of valid ports is " +
      "30000-32767",
  ],
  "a type that is none": [
    spec({ type: "Internal" }),
    'spec.type: Unsupported value: "Internal": supported values: "ClusterIP", "ExternalName", ' +
      '"LoadBalancer", "NodePort"',
  ],
  "an external name that is none": [
    spec({ type: "ExternalName", ports: undefined, selector: undefined }),
    "spec.externalName: Required value",
  ],
  "an address that is none": [
    spec({ clusterIP: "none" }),
    `spec.clusterIPs[0]: Invalid value: "none": ${IP}`,
  ],
  "no address for a node port": [
    spec({ type: "NodePort", clusterIP: "None" }),
    "spec.clusterIPs[0]: Invalid value: \"None\": may not be set to 'None' for NodePort services",
  ],
  "an affinity that is none": [
    spec({ sessionAffinity: "Cookie" }),
    'spec.sessionAffinity: Unsupported value: "Cookie": supported values: "ClientIP", "None"',
  ],
  "an affinity for more than a day": [
    spec({ sessionAffinity: "ClientIP", sessionAffinityConfig: { clientIP: { timeoutSeconds: 86_401 } } }),
    "spec.sessionAffinityConfig.clientIP.timeoutSeconds: Invalid value: 86401: must be greater than 0 " +
      "and less than 86400",
  ],
  "an outer address that is loopback": [
    spec({ externalIPs: ["127.0.0.1"] }),
    'spec.externalIPs[0]: Invalid value: "127.0.0.1": may not be in the loopback range (127.0.0.0/8, ::1/128)',
  ],
  "ranges without a balancer": [
    spec({ loadBalancerSourceRanges: ["10.0.0.0/8"] }),
    `spec.LoadBalancerSourceRanges: Forbidden: ${BALANCED}`,
  ],
  "a class without a balancer": [
    spec({ loadBalancerClass: "a.b/c" }),
    `spec.loadBalancerClass: Forbidden: ${BALANCED}`,
  ],
  "a policy for traffic that cannot come": [
    spec({ externalTrafficPolicy: "Local" }),
    'spec.externalTrafficPolicy: Invalid value: "Local": may only be set for externally-accessible services',
  ],
  "a policy that is none": [
    spec({ internalTrafficPolicy: "Node" }),
    'spec.internalTrafficPolicy: Unsupported value: "Node": supported values: "Cluster", "Local"',
  ],
  "two families of the same": [
    spec({ ipFamilies: ["IPv4", "IPv4"] }),
    'spec.ipFamilies[1]: Duplicate value: "IPv4"',
  ],
});

mistakesOnUpdate(subject(services), {
  "another address": [
    spec({ clusterIP: "10.96.0.77", clusterIPs: ["10.96.0.77"] }),
    'spec.clusterIPs[0]: Invalid value: ["10.96.0.77"]: may not change once set',
  ],
  "no address any more": [
    spec({ clusterIP: "None", clusterIPs: ["None"] }),
    'spec.clusterIPs[0]: Invalid value: ["None"]: may not change once set',
  ],
});

const metric =
  (change: object): Mistake[0] =>
  (object) => {
    Object.assign(object.spec.metrics[0], change);
  };
const target =
  (change: object): Mistake[0] =>
  (object) => {
    object.spec.metrics[0].resource.target = change;
  };

mistakesOnCreate(subject(horizontalPodAutoscalers), {
  "more at least than at most": [
    spec({ minReplicas: 6 }),
    "spec.maxReplicas: Invalid value: 5: must be greater than or equal to `minReplicas`",
  ],
  "none at least": [
    spec({ minReplicas: 0 }),
    "spec.minReplicas: Invalid value: 0: must be greater than or equal to 1",
  ],
  "none at most": [
    spec({ minReplicas: 1, maxReplicas: 0 }),
    "spec.maxReplicas: Invalid value: 0: must be greater than 0",
    "spec.maxReplicas: Invalid value: 0: must be greater than or equal to `minReplicas`",
  ],
  "no kind": [
    spec({ scaleTargetRef: { name: "web", kind: "" } }),
    "spec.scaleTargetRef.kind: Required value",
  ],
  "a metric that is none": [
    metric({ type: "Cpu" }),
    'spec.metrics[0].type: Unsupported value: "Cpu": supported values: "ContainerResource", "External", "Object", ' +
      '"Pods", "Resource"',
  ],
  "a metric without its part": [
    metric({ type: "Pods", resource: undefined }),
    "spec.metrics[0].pods: Required value: must populate information for the given metric source",
  ],
  "a metric with another one's part": [
    metric({ type: "Pods" }),
    "spec.metrics[0].pods: Required value: must populate information for the given metric source",
  ],
  "a target of nothing": [
    target({ type: "Utilization" }),
    "spec.metrics[0].resource.target.averageUtilization: Required value: must set either a target raw " +
      "value or a target " +
      "utilization",
  ],
  "a target of 0 %": [
    target({ type: "Utilization", averageUtilization: 0 }),
    "spec.metrics[0].resource.target.averageUtilization: Invalid value: 0: must be greater than 0",
  ],
  "a window of more than an hour": [
    spec({
      behavior: {
        scaleDown: {
          stabilizationWindowSeconds: 3_601,
          policies: [{ type: "Pods", value: 1, periodSeconds: 60 }],
        },
      },
    }),
    "spec.behavior.scaleDown.stabilizationWindowSeconds: Invalid value: 3601: must be less than or equal to 3600",
  ],
  "a policy over half a day": [
    spec({ behavior: { scaleUp: { policies: [{ type: "Pods", value: 1, periodSeconds: 43_200 }] } } }),
    "spec.behavior.scaleUp.policies[0].periodSeconds: Invalid value: 43200: must be less than or equal to 1800",
  ],
});

mistakesOnCreate(subject(podDisruptionBudgets), {
  "both limits": [
    spec({ maxUnavailable: 1 }),
    'spec: Invalid value: {"minAvailable":1,"selector":{"matchLabels":{"app":"web"}},"maxUnavailable":1}: ' +
      "minAvailable and maxUnavailable cannot be both set",
  ],
  "less than none": [
    spec({ minAvailable: -1 }),
    "spec.minAvailable: Invalid value: -1: must be greater than or equal to 0",
  ],
  "more than all": [
    spec({ minAvailable: "101%" }),
    'spec.minAvailable: Invalid value: "101%": must not be greater than 100%',
  ],
  "a policy that is none": [
    spec({ unhealthyPodEvictionPolicy: "Always" }),
    'spec.unhealthyPodEvictionPolicy: Unsupported value: "Always": supported values: "AlwaysAllow", "IfHealthyBudget"',
  ],
});
