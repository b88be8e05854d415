import { expect } from "vitest";
import { type Step, type } from "./steps.ts";

const CLIENT = "apply (client-side)";
const SERVER = "apply --server-side";
const ROLLING = "rollout history / undo";

/** Every way to change what is there, the life of workloads with it. */
export const CHANGING: readonly Step[] = [
  [CLIENT, "apply -f cm.yaml", /^configmap\/cm created\n/],
  [CLIENT, "apply -f cm.yaml", /^configmap\/cm unchanged\n/],
  ["diff [--server-side]", "diff -f cm2.yaml", /- {2}a: "1"\n\+ {2}a: "2"/, 1],
  ["diff [--server-side]", "diff -f cm.yaml", /^$/],
  [CLIENT, "apply -f cm2.yaml", /^configmap\/cm configured\n/],
  [CLIENT, "apply view-last-applied cm/cm", /a: "2"/],
  [CLIENT, "apply -k . -o name", /^configmap\/k-cm\n/],
  [
    "apply -f of `kind: List`",
    "apply -f list.yaml",
    /^serviceaccount\/a created\nserviceaccount\/b created\n/,
  ],
  [
    SERVER,
    "apply --server-side --field-manager=other -f cm3.yaml",
    /Apply failed with 1 conflict: [\s\S]*\.data\.a/,
    1,
  ],
  [SERVER, "apply --server-side -f cm2.yaml", /^configmap\/cm serverside-applied\n/],
  [SERVER, "apply --server-side --force-conflicts --field-manager=other -f cm3.yaml", /serverside-applied/],
  [SERVER, "get cm cm -o yaml --show-managed-fields", /manager: other\n +operation: Apply/],
  [
    "diff [--server-side]",
    "diff --server-side --force-conflicts -f cm2.yaml",
    /- {2}a: "3"\n\+ {2}a: "2"/,
    1,
  ],
  ["replace", "replace -f cm.yaml", /^configmap\/cm replaced\n/],
  ["replace", "replace --force -f cm2.yaml", /"cm" deleted.*\nconfigmap\/cm replaced\n/],
  [
    "edit",
    async ({ kubectl }) => {
      const editor = kubectl.file("editor.sh", 'sed -i \'s/a: "2"/a: "4"/\' "$1"');
      const edited = await kubectl.run(["edit", "cm", "cm"], { env: { KUBE_EDITOR: `sh ${editor}` } });
      expect(edited).toMatchObject({ code: 0, stdout: "configmap/cm edited\n" });
      expect(await kubectl("get", "cm", "cm", "-o", "jsonpath={.data.a}")).toBe("4");
    },
  ],
  ["patch", `patch deploy web -p '{"spec":{"template":{"metadata":{"labels":{"x":"y"}}}}}'`, /web patched\n/],
  ["patch", `patch cm cm --type=merge -p '{"data":{"b":"1"}}'`, /^configmap\/cm patched\n/],
  ["patch", `patch cm cm --type=merge -p '{"data":{"b":"1"}}'`, /^configmap\/cm patched \(no change\)\n/],
  ["patch", `patch cm cm --type=json -p '[{"op":"remove","path":"/data/b"}]'`, /^configmap\/cm patched\n/],
  ["patch", `patch deploy web --subresource=scale --type=merge -p '{"spec":{"replicas":3}}'`, /patched/],
  ["label, annotate", "label cm cm tier=front", /^configmap\/cm labeled\n/],
  ["label, annotate", "label cm cm tier=back", /'tier' already has a value/, 1],
  ["label, annotate", "label cm --all walked=yes --overwrite", /cm labeled/],
  ["label, annotate", "annotate deploy web kubernetes.io/change-cause=first", /web annotated\n/],
  ["set image/env/resources/sa", "set image deploy/web web=web:2", /web image updated/],
  ["set image/env/resources/sa", "set env deploy/web A=1", /web env updated/],
  ["set image/env/resources/sa", "set env deploy/web --list", /^# Deployment web[\s\S]*A=1/m],
  ["set image/env/resources/sa", "set resources deploy/web --requests=cpu=10m", /requirements updated/],
  ["set image/env/resources/sa", "set serviceaccount deploy/web robot", /serviceaccount updated/],
  ["set image/env/resources/sa", "set subject rolebinding rb --group=g", /subjects updated/],
  ["set image/env/resources/sa", "set selector svc plain app=web", /selector updated/],
  ["scale", "scale deploy/web --replicas=4", /^deployment.apps\/web scaled\n/],
  ["scale", "scale deploy/web --current-replicas=4 --replicas=2", /^deployment.apps\/web scaled\n/],
  ["scale", "scale deploy/web --current-replicas=9 --replicas=2", /Expected replicas to be 9/, 1],
  ["rollout status deploy/sts/ds", "rollout status deploy/web --timeout=100s", /successfully rolled out/],
  [
    "rollout status deploy/sts/ds",
    "apply -f sts.yaml -f ds.yaml -f rs.yaml",
    /db created[\s\S]*agent created/,
  ],
  ["rollout status deploy/sts/ds", "rollout status sts/db --timeout=100s", /roll out complete/],
  ["rollout status deploy/sts/ds", "rollout status ds/agent --timeout=100s", /successfully rolled out/],
  ["rollout status deploy/sts/ds", "apply -f sts2.yaml -f ds2.yaml", /db configured[\s\S]*agent configured/],
  ["rollout status deploy/sts/ds", "rollout status sts/db --timeout=100s", /roll out complete/],
  ["rollout status deploy/sts/ds", "rollout status ds/agent --timeout=100s", /successfully rolled out/],
  [ROLLING, "rollout history deploy/web", /REVISION +CHANGE-CAUSE\n1 /],
  [ROLLING, "rollout history deploy/web --revision=1", /Image:\s+web:1/],
  [ROLLING, "rollout history sts/db", /REVISION +CHANGE-CAUSE\n1 .*\n2 /],
  [ROLLING, "rollout history ds/agent --revision=2", /Image:\s+web:2/],
  [ROLLING, "rollout undo deploy/web --to-revision=1", /web rolled back\n/],
  [ROLLING, "rollout undo sts/db", /db rolled back\n/],
  [ROLLING, "rollout undo ds/agent", /agent rolled back\n/],
  [
    ROLLING,
    "get deploy/web sts/db ds/agent -o jsonpath={.items[*].spec.template.spec.containers[0].image}",
    /^web:1 web:1 web:1$/,
  ],
  [
    "rollout restart/pause/resume",
    "rollout restart deploy/web sts/db ds/agent",
    /web restarted\n[\s\S]*agent restarted/,
  ],
  ["rollout restart/pause/resume", "rollout pause deploy/web", /web paused\n/],
  ["rollout restart/pause/resume", "rollout resume deploy/web", /web resumed\n/],
  ["rollout status deploy/sts/ds", "rollout status deploy/web --timeout=100s", /successfully rolled out/],
  ["rollout status deploy/sts/ds", "rollout status sts/db --timeout=100s", /roll out complete/],
  ["rollout status deploy/sts/ds", "rollout status ds/agent --timeout=100s", /successfully rolled out/],
  ["describe pod/rs/sts/ds/deploy/job/…", "describe sts db", /Replicas: +2 desired \| 2 total/],
  ["describe pod/rs/sts/ds/deploy/job/…", "describe ds agent", /Desired Number of Nodes Scheduled: 2/],
  [
    "wait",
    async (walker) => {
      const waiting = walker.kubectl("wait", "cm/later", "--for=delete", "--timeout=100s");
      expect(await waiting).toBe("");
      if (walker.minor < 31) return;
      const created = walker.kubectl("wait", "cm/later", "--for=create", "--timeout=100s");
      await type(walker, "create cm later");
      expect(await created).toBe("configmap/later condition met\n");
    },
  ],
];
