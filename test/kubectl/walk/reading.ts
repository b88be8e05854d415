import { expect } from "vitest";
import { type Step, type, type Walker } from "./steps.ts";

const FORMS = "get -o json/yaml/name/jsonpath/custom-columns";
const SELECTED = "get -l / --field-selector / -L / --show-labels";

/** Every form in which what is there is shown. The pods `one` and `plain` run. */
export const READING: readonly Step[] = [
  ["wait", "wait pod one plain --for=condition=Ready --timeout=100s", /^pod\/one condition met\npod\/plain/],
  [
    "wait",
    "wait deploy/web --for=jsonpath={.status.availableReplicas}=2 --timeout=100s",
    /^deployment.apps\/web/,
  ],
  ["wait", "wait pod/one --for=jsonpath={.status.phase}=Running --timeout=100s", /^pod\/one condition met/],
  ["wait", "wait pod/one --for=condition=Nonsense --timeout=1s", /timed out waiting for the condition/, 1],
  ["get TYPE", "get pods", /^NAME +READY +STATUS +RESTARTS +AGE\n[\s\S]*one +2\/2 +Running +0 +\w+\n/],
  ["get TYPE", "get pods --chunk-size=1 -v=8", /limit=1[\s\S]*continue=/],
  ["get TYPE", "get pods --chunk-size=0 --no-headers", /^one +2\/2/m],
  ["get TYPE", "get pods -A", /^NAMESPACE +NAME +READY[\s\S]*\S+-\d +one +2\/2/],
  ["get TYPE", "get cm,secret", /configmap\/made +2 [\s\S]*secret\/word +Opaque +1/],
  [
    "get TYPE",
    "get all",
    /pod\/one[\s\S]*service\/web[\s\S]*deployment.apps\/web[\s\S]*cronjob.batch\/yearly/,
  ],
  ["get TYPE", "get pods -n nowhere", /^No resources found in nowhere namespace\.\n/],
  ["get TYPE NAME…", "get pod one plain", /^NAME[^\n]*\none +2\/2[^\n]*\nplain +1\/1/],
  ["get TYPE NAME…", "get deploy/web svc/web", /deployment.apps\/web[\s\S]*service\/web/],
  ["get TYPE NAME…", "get pod nobody", /^Error from server \(NotFound\): pods "nobody" not found\n/, 1],
  ["get TYPE NAME…", "get pod nobody --ignore-not-found", /^$/],
  [
    FORMS,
    "get pods -o wide",
    /IP +NODE +NOMINATED NODE +READINESS GATES[\s\S]*one .* 10\.\S+ +node-\d +<none> +<none>/,
  ],
  [FORMS, "get pods -o json", /"kind": "List"/],
  [FORMS, "get pod one -o yaml", /^apiVersion: v1\nkind: Pod\nmetadata:/],
  [FORMS, "get pod one -o yaml --show-managed-fields", /manager: kubectl-create\n/],
  [FORMS, "get pod,sa -o name", /^pod\/one$[\s\S]*serviceaccount\/robot\n/m],
  [FORMS, "get pods -o jsonpath='{.items[*].metadata.name}'", / one plain /],
  [FORMS, "get pod one -o jsonpath-as-json={.spec.containers[*].name}", /"main",\s+"side"/],
  [FORMS, "get pod one -o jsonpath-file=path.txt", /^one is Running$/],
  [FORMS, "get pod one -o custom-columns=N:.metadata.name,P:.status.phase", /^N +P\none +Running\n$/],
  [FORMS, "get pod one -o custom-columns-file=columns.txt", /^NAME +PHASE\none +Running\n$/],
  [FORMS, "get pod one -o go-template='{{.metadata.name}} {{len .spec.containers}}'", /^one 2$/],
  [SELECTED, "get pods -l 'app in (one,plain),tier' -o name", /^pod\/one\n$/],
  [SELECTED, "get pods -l app!=one,!tier -o name", /^(?!.*pod\/one)[\s\S]*pod\/plain\n/],
  [
    SELECTED,
    "get pods --field-selector=status.phase=Running,metadata.name!=one -o name",
    /^(?!.*pod\/one)[\s\S]*pod\/plain\n/,
  ],
  [SELECTED, "get pods --field-selector=spec.nonsense=1", /field label not supported: spec.nonsense/, 1],
  [SELECTED, "get pods -L app,tier", /AGE +APP +TIER[\s\S]*\none .* one +front\n/],
  [SELECTED, "get pods --show-labels --show-kind", /^NAME.*LABELS[\s\S]*\npod\/one .* app=one,tier=front\n/],
  [
    "get --sort-by",
    "get pods --sort-by=.metadata.name --no-headers",
    /^busy[\s\S]*\nnow[\s\S]*\none [\s\S]*\nplain /,
  ],
  ["get --sort-by", "get pods --sort-by='{.status.startTime}' -o wide", /^NAME[^\n]*\n/],
  ["get --subresource=status/scale", "get pod one --subresource=status", /one +2\/2 +Running/],
  ["get --subresource=status/scale", "get deploy web --subresource=scale -o yaml", /kind: Scale\n/],
  ["get TYPE -w", watchesPods],
  ["get NAME -w", watchesOne],
  [
    "describe node",
    "describe node node-1",
    /RenewTime: +\w+[\s\S]*Non-terminated Pods:[\s\S]*Allocated resources/,
  ],
  ["describe pod/rs/sts/ds/deploy/job/…", "describe pod one", /Node: +node-[\s\S]*Events:[\s\S]*Scheduled/],
  ...(
    [
      ["deploy web", /2 desired \| 2 updated[\s\S]*NewReplicaSet: +web-\w+ \(2\/2 replicas created\)/],
      ["rs", /Name: +web-\w+[\s\S]*Controlled By: +Deployment\/web/],
      ["job once", /Pods Statuses: +[01] Active/],
      ["cronjob yearly", /Schedule: +@yearly/],
      ["svc web", /Endpoints: +10\.\S+:80,10\.\S+:80/],
      ["ns NS", /Status: +Active[\s\S]*Resource Quotas[\s\S]*Resource Limits/],
      ["sa robot", /Name: +robot\n/],
      ["cm made", /a:\n----\nb\n/],
      ["secret word", /a: +1 bytes/],
      ["hpa busy", /Reference: +Deployment\/busy\n/],
      ["pdb pdb", /Min available: +1\n/],
      ["quota q", /pods +\d+ +40/],
      ["limits limits", /Container +cpu +- +- +50m +100m/],
      ["pvc disk", /StorageClass: +standard/],
      ["ingress door", /Default backend: +web:80/],
      ["role r", /pods\/log +\[\] +\[\] +\[get list\]/],
      ["clusterrolebinding NS-crb", /User +u/],
      ["priorityclass NS-pc", /Value: +7/],
      ["storageclass standard", /Provisioner: +kubesim.dev\/simulated/],
      ["endpointslice -l kubernetes.io/service-name=web", /TargetRef: +Pod\/web-/],
    ] as const
  ).map(([what, says]) => ["describe pod/rs/sts/ds/deploy/job/…", `describe ${what}`, says] as const),
  [
    "events [--for kind/name] [--watch]",
    "events --for pod/one",
    /Started +Pod\/one[\s\S]*Scheduled +Pod\/one|Scheduled[\s\S]*Started/,
  ],
  ["events [--for kind/name] [--watch]", "events --types=Warning", /^(No events|LAST SEEN|$)/],
  ["top nodes / pods", "top nodes", /NAME +CPU\(cores\) +CPU.*\nnode-1 +\d+m +\d+% +\d+Mi +\d+%/],
  [
    "top nodes / pods",
    "top pods --containers",
    /POD +NAME +CPU\(cores\) +MEMORY\(bytes\)[\s\S]*\none +main +\d+m/,
  ],
];

async function watchesPods(walker: Walker): Promise<void> {
  const watching = walker.kubectl.start("get", "pods", "-w", "--output-watch-events");
  await watching.until(/ADDED +one/);
  const following = walker.kubectl.start("events", "--watch", "--for", "pod/late");
  await type(walker, "run late --image=web");
  await watching.until(/ADDED +late +0\/1 +Pending[\s\S]*MODIFIED +late +1\/1 +Running/);
  await following.until(/Started +Pod\/late/);
  await type(walker, "delete pod late --now");
  await watching.until(/DELETED +late/);
  watching.stop();
  following.stop();
}

async function watchesOne(walker: Walker): Promise<void> {
  const watching = walker.kubectl.start("get", "pod", "one", "-w", "-o", "name");
  expect(await watching.until(/pod\/one\n/)).toBe("pod/one\n");
  await type(walker, "annotate pod one seen=yes");
  await watching.until(/pod\/one\npod\/one\n/);
  watching.stop();
}
