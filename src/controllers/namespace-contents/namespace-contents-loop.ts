import { isReason } from "../../api/errors.ts";
import { type ConfigMap, configMaps } from "../../api/kinds/config-map.ts";
import { type Namespace, namespaces } from "../../api/kinds/namespace.ts";
import { type Service, services } from "../../api/kinds/service.ts";
import { type ServiceAccount, serviceAccounts } from "../../api/kinds/service-account.ts";
import type { KubeObject } from "../../api/meta.ts";
import { modify } from "../../api/modify.ts";
import type { ControllerContext } from "../controller.ts";
import { KeyedWork } from "../keyed-work.ts";
import type { SharedInformer } from "../shared-informer.ts";
import { KUBERNETES_SERVICE, kubernetesService } from "./kubernetes-service.ts";

const SERVICE_ACCOUNT = "default";
const ROOT_CERTIFICATE = "kube-root-ca.crt";
const CERTIFICATE_KEY = "ca.crt";

/**
 * The loop of the namespace-contents controller: makes what is missing, also again when somebody deletes it. The
 * certificate is put right when somebody changes it.
 */
export class NamespaceContentsLoop {
  readonly #context: ControllerContext;
  readonly #work: KeyedWork;
  readonly #leave: (() => void)[] = [];
  #namespaces: SharedInformer<Namespace> | undefined;

  constructor(context: ControllerContext) {
    this.#context = context;
    this.#work = new KeyedWork(context, (name) => this.#complete(name));
  }

  async start(): Promise<void> {
    const { view } = this.#context;
    const [accounts, configs] = [await view.follow(serviceAccounts), await view.follow(configMaps)];
    const known = await view.follow(services);
    this.#namespaces = await view.follow(namespaces);
    const deleted = (name: string) => (before: KubeObject | undefined, after: KubeObject | undefined) => {
      if (after === undefined && before?.metadata.name === name) {
        this.#work.request(before.metadata.namespace as string);
      }
    };
    this.#leave.push(
      accounts.join({ changed: deleted(SERVICE_ACCOUNT) }),
      configs.join({
        changed: (before, after) => {
          const { name, namespace } = (after ?? before)?.metadata ?? {};
          if (name !== ROOT_CERTIFICATE || namespace === undefined) return;
          if (after === undefined || !this.#isRight(after)) this.#work.request(namespace);
        },
      }),
      known.join({
        changed: (before, after) => {
          if (after === undefined && isKubernetesService(before)) this.#work.request("default");
        },
      }),
      this.#namespaces.join({
        changed: (before, after) => {
          if (after === undefined || before !== undefined) return;
          const key = { namespace: after.metadata.name };
          const isComplete =
            accounts.get({ ...key, name: SERVICE_ACCOUNT }) !== undefined &&
            configs.get({ ...key, name: ROOT_CERTIFICATE }) !== undefined &&
            (key.namespace !== KUBERNETES_SERVICE.namespace || known.get(KUBERNETES_SERVICE) !== undefined);
          if (!isComplete) this.#work.request(after.metadata.name);
        },
      }),
    );
  }

  /** Whether the certificate is as it was given out; a cluster without a door has none to compare it with. */
  #isRight({ data }: ConfigMap): boolean {
    const { rootCertificate } = this.#context;
    return rootCertificate === undefined || data?.[CERTIFICATE_KEY] === rootCertificate;
  }

  stop(): void {
    for (const leave of this.#leave) leave();
    this.#work.stop();
  }

  async #complete(namespace: string): Promise<void> {
    const { objects, rootCertificate = "" } = this.#context;
    const found = this.#namespaces?.get({ name: namespace });
    if (found === undefined || found.metadata.deletionTimestamp !== undefined) return;
    await unlessThere(
      objects.create<ServiceAccount>(serviceAccounts, {
        apiVersion: "v1",
        kind: "ServiceAccount",
        metadata: { name: SERVICE_ACCOUNT, namespace },
      }),
    );
    await unlessThere(
      objects.create<ConfigMap>(configMaps, {
        apiVersion: "v1",
        kind: "ConfigMap",
        metadata: {
          name: ROOT_CERTIFICATE,
          namespace,
          annotations: { "kubernetes.io/description": DESCRIPTION },
        },
        data: { [CERTIFICATE_KEY]: rootCertificate },
      }),
    );
    const restored = (config: ConfigMap): ConfigMap =>
      this.#isRight(config) ? config : { ...config, data: { [CERTIFICATE_KEY]: rootCertificate } };
    await unlessThere(modify(objects, configMaps, { namespace, name: ROOT_CERTIFICATE }, restored));
    // Asked for first: its address is taken when it is there, which would be the refusal.
    if (namespace === KUBERNETES_SERVICE.namespace && !(await this.#hasService())) {
      await unlessThere(objects.create<Service>(services, kubernetesService()));
    }
  }

  async #hasService(): Promise<boolean> {
    try {
      await this.#context.objects.get(services, KUBERNETES_SERVICE);
      return true;
    } catch (error) {
      if (isReason(error, "NotFound")) return false;
      throw error;
    }
  }
}

const DESCRIPTION =
  "Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the " +
  "internal service IP or kubernetes.default.svc.";

function isKubernetesService(service: Service | undefined): boolean {
  const { namespace, name } = service?.metadata ?? {};
  return namespace === KUBERNETES_SERVICE.namespace && name === KUBERNETES_SERVICE.name;
}

/** Somebody else was faster, or the namespace goes: then nothing is missing. */
async function unlessThere(creation: Promise<unknown>): Promise<void> {
  try {
    await creation;
  } catch (error) {
    const isExpected = (["AlreadyExists", "NotFound", "Forbidden"] as const).some((reason) =>
      isReason(error, reason),
    );
    if (!isExpected) throw error;
  }
}
