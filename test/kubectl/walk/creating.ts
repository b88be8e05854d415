import type { Step } from "./steps.ts";

const LINE = "create ns/cm/secret/deploy/… (no -f)";

/** Everything that is created without a file, what is created with one, and how that is told. */
export const CREATING: readonly Step[] = [
  ["create -f", "create -f pod.yaml", /^pod\/one created\n/],
  ["create -f", "create -f pod.yaml", /Error from server \(AlreadyExists\): .*pods "one" already exists/, 1],
  [
    "create -f",
    "create -f bad.yaml",
    /strict decoding error: unknown field "spec.containers\[0\].imagee"/,
    1,
  ],
  [
    "create -f",
    "create -f bad.yaml --validate=warn --dry-run=server",
    /Warning: unknown field "spec.containers\[0\].imagee"/,
  ],
  [
    "create -f",
    "create -f claim.yaml -o name",
    /claim\/disk\nlimitrange\/limits\ningress.networking.k8s.io\/door/,
  ],
  [LINE, "create namespace NS-other --dry-run=server", /^namespace\/\S+ created \(server dry run\)\n/],
  [LINE, "create namespace NS-other", /^namespace\/\S+ created\n/],
  [LINE, "create configmap made --from-literal=a=b --from-file=path.txt", /^configmap\/made created/],
  [LINE, "create secret generic word --from-literal=a=b", /^secret\/word created/],
  [
    LINE,
    "create secret docker-registry reg --docker-server=s --docker-username=u --docker-password=p",
    /^secret\/reg created/,
  ],
  [LINE, "create deployment web --image=web:1 --replicas=2 --port=80", /^deployment.apps\/web created/],
  [LINE, "create job once --image=busybox -- date", /^job.batch\/once created/],
  [LINE, "create cronjob yearly --image=busybox --schedule=@yearly", /^cronjob.batch\/yearly created/],
  [LINE, "create job now --from=cronjob/yearly", /^job.batch\/now created/],
  [LINE, "create serviceaccount robot", /^serviceaccount\/robot created/],
  [LINE, "create role r --verb=get,list --resource=pods,pods/log", /\/r created/],
  [LINE, "create rolebinding rb --role=r --serviceaccount=NS:robot", /\/rb created/],
  [LINE, "create clusterrole NS-cr --verb=get --resource=nodes", /-cr created/],
  [LINE, "create clusterrolebinding NS-crb --clusterrole=NS-cr --user=u", /-crb created/],
  [LINE, "create poddisruptionbudget pdb --selector=app=none --min-available=1", /\/pdb created/],
  [LINE, "create quota q --hard=pods=40", /^resourcequota\/q created/],
  [LINE, "create priorityclass NS-pc --value=7", /-pc created/],
  [LINE, "create ingress way --rule=example.com/*=web:80", /\/way created/],
  [LINE, "create service clusterip plain --tcp=80:8080", /^service\/plain created/],
  [LINE, "create service nodeport noded --tcp=80", /^service\/noded created/],
  [LINE, "create service loadbalancer balanced --tcp=80", /^service\/balanced created/],
  [LINE, "create service externalname named --external-name=example.com", /^service\/named created/],
  // Not that of `web`: an autoscaler would scale it while the walk does.
  ["autoscale", "create deployment busy --image=busy:1", /^deployment.apps\/busy created/],
  [
    "autoscale",
    "autoscale deploy busy --min=2 --max=5 --cpu-percent=50",
    /autoscaler.autoscaling\/busy autoscaled/,
  ],
  ["expose", "expose deploy web --port=80 --target-port=80", /^service\/web exposed/],
  ["run", "run plain --image=web --labels=app=plain --env=A=1", /^pod\/plain created/],
  ["run", "run short --image=busybox --restart=Never -i --rm -q -- echo hello", /^hello\n/],
];
