import type { Kind } from "../kind.ts";
import type { KubeObject } from "../meta.ts";
import { validateMetadata } from "../metadata-validation.ts";
import { AGE, NAME } from "./columns.ts";
import { tokenAction } from "./service-account-token.ts";
import { countColumn } from "./workload-columns.ts";

/** v1 ServiceAccount: who a pod's processes are to the API. */
export interface ServiceAccount extends KubeObject {
  readonly secrets?: readonly { readonly name?: string }[];
  readonly imagePullSecrets?: readonly { readonly name?: string }[];
  readonly automountServiceAccountToken?: boolean;
}

export const serviceAccounts: Kind<ServiceAccount> = {
  group: "",
  version: "v1",
  kind: "ServiceAccount",
  plural: "serviceaccounts",
  singular: "serviceaccount",
  shortNames: ["sa"],
  categories: [],
  namespaced: true,
  schema: "io.k8s.api.core.v1.ServiceAccount",
  statusSubresource: false,
  columns: [
    NAME,
    countColumn("Secrets", "How many secrets it may use.", ({ secrets }: ServiceAccount) => secrets?.length),
    AGE,
  ],
  selectableFields: {},
  validate: ({ metadata }, old) => validateMetadata(metadata, old?.metadata),
  actions: { token: tokenAction(() => serviceAccounts as unknown as Kind) },
};
