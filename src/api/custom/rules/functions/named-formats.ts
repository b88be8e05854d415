import type { Environment } from "@marcbachmann/cel-js";
import {
  dns1035LabelFault,
  dnsLabelFault,
  dnsSubdomainFault,
  labelValueFault,
  qualifiedNameFault,
} from "../../../names.ts";
import { FORMATS } from "../../formats.ts";

type Fault = (text: string) => string | undefined;

/** A format of texts by its name. */
class Format {
  readonly fault: Fault;

  constructor(fault: Fault) {
    this.fault = fault;
  }
}

const byTest =
  (name: string, words: string): Fault =>
  (text) =>
    FORMATS[name]?.(text) === true ? undefined : words;

/** Prefixes end like names, or with the dash that a made-up end follows. */
const asPrefix =
  (fault: Fault): Fault =>
  (text) =>
    fault(text.endsWith("-") ? `${text}a` : text);

/** Kubernetes' named formats (apiserver/pkg/cel/library/format.go). */
const NAMED: Readonly<Record<string, Fault>> = {
  dns1123Label: dnsLabelFault,
  dns1123Subdomain: dnsSubdomainFault,
  dns1035Label: dns1035LabelFault,
  qualifiedName: qualifiedNameFault,
  dns1123LabelPrefix: asPrefix(dnsLabelFault),
  dns1123SubdomainPrefix: asPrefix(dnsSubdomainFault),
  dns1035LabelPrefix: asPrefix(dns1035LabelFault),
  labelValue: labelValueFault,
  uri: byTest("uri", "invalid URI format"),
  uuid: byTest("uuid", "does not match the UUID format"),
  byte: byTest("byte", "invalid base64"),
  date: byTest("date", "invalid date"),
  datetime: byTest("datetime", "invalid datetime"),
};

/** Stands for the name in front of `format.dns1123Label`. */
class FormatNamespace {}

/**
 * `format.NAME()`, `format.named(text)`, and `validate`, which gives the faults of a text or none.
 * @param optional makes a value of CEL that may be missing
 */
export function registerFormats(environment: Environment, optional: (value: unknown) => unknown): void {
  environment.registerType("Format", Format);
  environment.registerType("FormatNamespace", FormatNamespace);
  environment.registerConstant("format", "FormatNamespace", new FormatNamespace());
  const formats = new Map(Object.entries(NAMED).map(([name, fault]) => [name, new Format(fault)]));
  for (const [name, format] of formats) {
    environment.registerFunction(`FormatNamespace.${name}(): Format`, () => format);
  }
  environment.registerFunction(
    "FormatNamespace.named(string): optional<Format>",
    (_: unknown, name: string) => optional(formats.get(name)),
  );
  environment.registerFunction(
    "Format.validate(string): optional<list<string>>",
    ({ fault }: Format, text: string) => {
      const why = fault(text);
      return optional(why === undefined ? undefined : [why]);
    },
  );
}
