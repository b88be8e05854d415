import type { FieldError } from "../errors.ts";
import type { Kind } from "../kind.ts";
import { selectorText } from "../label-selector.ts";
import type { KubeObject } from "../meta.ts";
import { validateMetadata } from "../metadata-validation.ts";
import { AGE, NAME, NONE, textColumn } from "./columns.ts";
import { checkTemplate, type PodTemplate, setTemplateDefaults } from "./pod-template.ts";

/** v1 PodTemplate: a template as an object of its own, for controllers that are not Kubernetes' own. */
export interface StoredPodTemplate extends KubeObject {
  readonly template: PodTemplate;
}

const containersOf = ({ template }: StoredPodTemplate) => template.spec.containers;

export const podTemplates: Kind<StoredPodTemplate> = {
  group: "",
  version: "v1",
  kind: "PodTemplate",
  plural: "podtemplates",
  singular: "podtemplate",
  shortNames: [],
  categories: [],
  namespaced: true,
  schema: "io.k8s.api.core.v1.PodTemplate",
  statusSubresource: false,
  columns: [
    NAME,
    textColumn("Containers", "Names of its containers.", (template: StoredPodTemplate) =>
      containersOf(template)
        .map(({ name }) => name)
        .join(","),
    ),
    textColumn("Images", "Images of its containers.", (template: StoredPodTemplate) =>
      containersOf(template)
        .map(({ image }) => image ?? "")
        .join(","),
    ),
    textColumn(
      "Pod Labels",
      "Labels of its pods.",
      ({ template }: StoredPodTemplate) =>
        selectorText({ matchLabels: template.metadata?.labels ?? {} }) || NONE,
    ),
    AGE,
  ],
  selectableFields: {},
  setDefaults: (stored) => {
    const template = setTemplateDefaults(stored.template);
    return template === stored.template ? stored : { ...stored, template };
  },
  validate: validatePodTemplate,
};

function validatePodTemplate(
  { metadata, template }: StoredPodTemplate,
  old: StoredPodTemplate | undefined,
): readonly FieldError[] {
  const errors = validateMetadata(metadata, old?.metadata);
  if (template !== old?.template) checkTemplate("template", template, undefined, errors);
  return errors;
}
