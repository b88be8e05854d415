import { beforeAll, describe, expect, it } from "vitest";
import { loadEngines } from "../engines.ts";
import type { JsonSchema, ValidationRule } from "../json-schema.ts";
import { Report } from "../report.ts";
import { validateSchema } from "../validate-schema.ts";
import { applyRules } from "./apply-rules.ts";
import { compileRules, type RuleNode } from "./rule-tree.ts";

beforeAll(loadEngines);

const ITEM: JsonSchema = {
  type: "object",
  required: ["name"],
  properties: { name: { type: "string" }, weight: { type: "integer" } },
};

const SPEC: JsonSchema = {
  type: "object",
  properties: {
    least: { type: "integer" },
    most: { type: "integer" },
    share: { type: "number" },
    name: { type: "string" },
    "end-point": { type: "string" },
    until: { type: "string", format: "date-time" },
    every: { type: "string", format: "duration" },
    port: { "x-kubernetes-int-or-string": true },
    memory: { type: "string" },
    numbers: { type: "array", items: { type: "integer" } },
    texts: { type: "array", maxItems: 100, items: { type: "string", maxLength: 100 } },
    parts: {
      type: "array",
      "x-kubernetes-list-type": "map",
      "x-kubernetes-list-map-keys": ["name"],
      items: ITEM,
    },
    labels: { type: "object", additionalProperties: { type: "string" } },
    free: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
    other: { type: "object", nullable: true, properties: { on: { type: "boolean" } } },
  },
};

function root(rules: readonly ValidationRule[], more: JsonSchema = {}): JsonSchema {
  return {
    type: "object",
    properties: { spec: { ...SPEC, ...more, "x-kubernetes-validations": rules } },
  };
}

function asked(schema: JsonSchema, spec: object, old?: object): readonly string[] {
  const object = (each: object) => ({
    apiVersion: "a.b/v1",
    kind: "A",
    metadata: { name: "one" },
    spec: each,
  });
  const broken = { report: new Report(), changes: new Report() };
  applyRules(compileRules(schema) as RuleNode, object(spec), old && object(old), broken);
  return [...broken.report.faults, ...broken.changes.faults].map(
    ({ error }) => `${error.field}: ${error.message}`,
  );
}

function refused(rule: string | ValidationRule, more?: JsonSchema): readonly string[] {
  const rules = [typeof rule === "string" ? { rule } : rule];
  return validateSchema(root(rules, more), "s").map(({ field, message }) => `${field}: ${message}`);
}

const SOME = {
  least: 1,
  most: 3,
  share: 0.5,
  name: "web-1",
  "end-point": "https://a.example.com:8443/x",
  until: "2026-01-02T03:04:05Z",
  every: "1h30m",
  port: "http",
  memory: "2Gi",
  numbers: [3, 1, 2],
  texts: ["b", "a"],
  parts: [{ name: "a", weight: 2 }, { name: "b" }],
  labels: { "app.kubernetes.io/name": "x" },
  other: null,
};

describe("rules in CEL", () => {
  it.each([
    ["self.least <= self.most"],
    ["self.share < 1.0 && self.share > 0"],
    ["self.name.startsWith('web') && self.name.matches('^[a-z]+-[0-9]+$') && matches(self.name, 'web')"],
    [
      "self.name.find('[0-9]+') == '1' && self.name.replace('-', '_') == 'web_1' && self.name.charAt(0) == 'w'",
    ],
    [
      "self.name.split('-').size() == 2 && self.texts.join('+') == 'b+a' && 'a b'.findAll('[a-z]').size() == 2",
    ],
    ["url(self.end__dash__point).getHostname() == 'a.example.com' && isURL(self.end__dash__point)"],
    [
      "url(self.end__dash__point).getPort() == '8443' && isIP('10.0.0.1') && !isIP('x') && isCIDR('10.0.0.0/8')",
    ],
    ["self.until > timestamp('2025-01-01T00:00:00Z') && self.until.getFullYear() == 2026"],
    ["self.every > duration('1h') && self.every < duration('2h')"],
    ["type(self.port) == string && (self.port == 'http' || self.port == 80)"],
    [
      "quantity(self.memory).isGreaterThan(quantity('1Gi')) && quantity('1Gi').add(quantity('1Gi')) == quantity('2Gi')",
    ],
    [
      "self.numbers.sum() == 6 && self.numbers.max() == 3 && self.numbers.min() == 1 && !self.numbers.isSorted()",
    ],
    ["self.numbers.indexOf(1) == 1 && sets.contains(self.texts, ['a']) && sets.equivalent([1, 2], [2, 1])"],
    ["self.parts.all(part, part.name != '' && (!has(part.weight) || part.weight > 1))"],
    [
      "self.parts.exists_one(part, part.name == 'a') && self.parts.filter(p, has(p.weight)).map(p, p.weight) == [2]",
    ],
    ["'app.kubernetes.io/name' in self.labels && self.labels.all(key, self.labels[key] == 'x')"],
    ["!has(self.other) && has(self.parts)"],
    ["self.?name.orValue('none') == 'web-1' && self.labels[?'x'].orValue('none') == 'none'"],
    ["self.parts[0] != self.parts[1] && self.parts[0] == self.parts[0] && self.parts[0] in self.parts"],
    ["'%s has %d'.format([self.name, self.most]) == 'web-1 has 3'"],
    ["string(self.until) == '2026-01-02T03:04:05Z' && string(self.least) == '1' && int('3') == self.most"],
    ["cel.bind(most, self.most, most > self.least ? most == 3 : false)"],
    [
      "ip('10.0.0.1').family() == 4 && cidr('10.0.0.0/8').containsIP('10.200.0.1') && " +
        "!cidr('10.0.0.0/8').containsIP(ip('11.0.0.1')) && cidr('fd00::/8').containsCIDR('fd00:1::/32')",
    ],
    [
      "ip('::1').isLoopback() && ip('fe80::1').isLinkLocalUnicast() && ip('8.8.8.8').isGlobalUnicast() && " +
        "ip.isCanonical('2001:db8::1') && !ip.isCanonical('2001:DB8::1') && !isIP('::ffff:1.2.3.4')",
    ],
    [
      "string(cidr('10.1.2.3/20').masked()) == '10.1.0.0/20' && cidr('2001:db8:1:2::/47').masked() == " +
        "cidr('2001:db8::/47') && cidr('10.0.0.0/8').ip() == ip('10.0.0.0') && cidr('::/0').prefixLength() == 0",
    ],
    ["['10.0.0.1'].all(ip, isIP(ip)) && self.texts.all(format, format != '')"],
    [
      "semver('1.2.3').isLessThan(semver('1.10.0')) && semver('1.0.0-rc.1').isLessThan(semver('1.0.0')) && " +
        "semver('1.0.0-rc.2').compareTo(semver('1.0.0-rc.10')) == -1 && semver('1.0.0+a') == semver('1.0.0+b')",
    ],
    [
      "!isSemver('v1.0') && isSemver('v1.0', true) && semver('v01.2', true).minor() == 2 && !isSemver('1.2.03')",
    ],
    [
      "!format.dns1123Label().validate(self.name).hasValue() && " +
        "format.dns1123Label().validate('A').value()[0].contains('RFC 1123')",
    ],
    [
      "format.named('uuid').hasValue() && !format.named('nothing').hasValue() && " +
        "format.uuid().validate('x').hasValue()",
    ],
  ])("takes %s", (rule) => {
    expect(refused(rule)).toEqual([]);
    expect(asked(root([{ rule }]), SOME)).toEqual([]);
  });

  it("says which rule is broken, where, by the rule's own message, reason and field", () => {
    const rule = "self.least <= self.most";
    const spec = { least: 5, most: 3 };
    const of = (more: Partial<ValidationRule>) => asked(root([{ rule, ...more }]), spec);
    expect(of({})).toEqual([`spec: Invalid value: "object": failed rule: ${rule}`]);
    expect(of({ message: "least must not be above most" })).toEqual([
      'spec: Invalid value: "object": least must not be above most',
    ]);
    expect(of({ messageExpression: "'%d is above %d'.format([self.least, self.most])" })).toEqual([
      'spec: Invalid value: "object": 5 is above 3',
    ]);
    expect(of({ message: "plain", messageExpression: "self.texts[7]" })).toEqual([
      'spec: Invalid value: "object": plain',
    ]);
    expect(of({ reason: "FieldValueForbidden", fieldPath: ".least", message: "no" })).toEqual([
      "spec.least: Forbidden: no",
    ]);
    expect(of({ reason: "FieldValueRequired", message: "give more" })).toEqual([
      "spec: Required value: give more",
    ]);
  });

  it("asks rules of lists, maps and the whole object at their places", () => {
    const schema: JsonSchema = {
      type: "object",
      "x-kubernetes-validations": [{ rule: "self.metadata.name.size() > 5", message: "name is short" }],
      properties: {
        spec: {
          type: "object",
          properties: {
            parts: {
              type: "array",
              items: { ...ITEM, "x-kubernetes-validations": [{ rule: "self.weight < 9" }] },
            },
            sizes: {
              type: "object",
              additionalProperties: { type: "integer", "x-kubernetes-validations": [{ rule: "self > 0" }] },
            },
          },
        },
      },
    };
    const spec = {
      parts: [{ name: "a", weight: 1 }, { name: "b", weight: 9 }, { name: "c" }],
      sizes: { x: 0 },
    };
    expect(asked(schema, spec)).toEqual([
      '<nil>: Invalid value: "object": name is short',
      'spec.parts[1]: Invalid value: "object": failed rule: self.weight < 9',
      'spec.parts[2]: Invalid value: "object": no such key: weight evaluating rule: self.weight < 9',
      'spec.sizes.x: Invalid value: "integer": failed rule: self > 0',
    ]);
  });

  it("compares with the old object where there is one, items by their keys", () => {
    const fixed: JsonSchema = { type: "string", "x-kubernetes-validations": [{ rule: "self == oldSelf" }] };
    const part: JsonSchema = {
      ...ITEM,
      "x-kubernetes-validations": [{ rule: "self.weight >= oldSelf.weight", message: "only grows" }],
    };
    const schema = root([{ rule: "!has(oldSelf.name) || has(self.name)", message: "name stays" }], {
      properties: { ...SPEC.properties, name: fixed, parts: { ...SPEC.properties?.parts, items: part } },
    });
    expect(validateSchema(schema, "s")).toEqual([]);
    const before = {
      name: "a",
      parts: [
        { name: "x", weight: 5 },
        { name: "y", weight: 1 },
      ],
    };
    expect(asked(schema, before)).toEqual([]);
    expect(
      asked(
        schema,
        {
          name: "b",
          parts: [
            { name: "y", weight: 2 },
            { name: "x", weight: 4 },
          ],
        },
        before,
      ),
    ).toEqual([
      'spec.name: Invalid value: "string": failed rule: self == oldSelf',
      'spec.parts[1]: Invalid value: "object": only grows',
    ]);
    expect(asked(schema, { parts: [] }, before)).toEqual(['spec: Invalid value: "object": name stays']);
    const optional = root([
      {
        rule: "oldSelf.hasValue() ? self.most >= oldSelf.value().most : self.most == 1",
        optionalOldSelf: true,
      },
    ]);
    expect(asked(optional, { most: 2 })).toHaveLength(1);
    expect(asked(optional, { most: 1 })).toEqual([]);
    expect(asked(optional, { most: 2 }, { most: 3 })).toHaveLength(1);
  });

  it("refuses definitions with bad rules as Kubernetes does", () => {
    const place = "s.properties[spec].x-kubernetes-validations[0]";
    const shown = (rule: string) =>
      `{"Rule":${JSON.stringify(rule)},"Message":"","MessageExpression":"","Reason":null,"FieldPath":"",` +
      '"OptionalOldSelf":null}';
    const fault = (rule: string) => refused(rule).map((text) => text.replace(shown(rule), "{}"));
    expect(fault("self.mots > 1")).toEqual([
      `${place}.rule: Invalid value: {}: compilation failed: ERROR: <input>:1:5: undefined field 'mots'\n` +
        " | self.mots > 1\n | ....^",
    ]);
    expect(fault("self.most > 'a'")[0]).toContain(
      "<input>:1:11: found no matching overload for '_>_' applied to '(int, string)'\n" +
        " | self.most > 'a'\n | ..........^",
    );
    expect(fault("self.name.startsWith(1)")[0]).toContain(
      "found no matching overload for 'startsWith' applied to 'string.(int)'",
    );
    expect(fault("other.name == ''")[0]).toContain("undeclared reference to 'other' (in container '')");
    expect(fault("self.most >")[0]).toContain("compilation failed: ERROR: <input>:1:12: Syntax error: ");
    expect(fault("self.most")).toEqual([
      `${place}.rule: Invalid value: {}: cel expression must evaluate to a bool`,
    ]);
    expect(fault("self.free.x == 1")[0]).toContain("undefined field 'x'");
    expect(fault("")).toEqual([`${place}.rule: Required value: rule is not specified`]);
    expect(refused({ rule: "true", reason: "Because" })[0]).toContain('Unsupported value: "Because"');
    expect(refused({ rule: "true", fieldPath: ".nothing" })[0]).toContain("does not refer to a valid field");
    expect(refused({ rule: "true", message: "a\nb" })[0]).toContain("message must not contain line breaks");
    expect(refused({ rule: "true", messageExpression: "1" })[0]).toContain("must evaluate to a string");
    const item = { ...ITEM, "x-kubernetes-validations": [{ rule: "self == oldSelf" }] };
    const set = { properties: { list: { type: "array", items: item } } };
    expect(refused("true", set)[0]).toContain(
      "oldSelf cannot be used on the uncorrelatable portion of the schema within s.properties[spec].properties[list]",
    );
  });

  it.each([
    "self.numbers.all(a, self.numbers.all(b, self.numbers.all(c, a + b + c >= 0)))",
    "self.numbers.exists(a, self.numbers.exists(b, self.numbers.exists(c, a + b + c < 0))) || true",
    "self.numbers.all(a, self.name.contains('zz') == false)",
    "cel.bind(a, self.name + self.name, cel.bind(b, a + a, cel.bind(c, b + b, c + c + c + c))).size() > 0",
    "self.name.replace('', self.name).size() > 0",
    "self.name.split('').join(self.name).size() > 0",
  ])("stops what takes too long: %s", (rule) => {
    const spec = { name: "y".repeat(1_000_000), numbers: Array.from({ length: 2_000 }, (_, index) => index) };
    expect(asked(root([{ rule }, { rule: "false" }]), spec)).toEqual([
      "spec: Invalid value: \"object\": 'operation cancelled: actual cost limit exceeded': no further " +
        `validation rules will be run due to call cost exceeds limit for rule: ${rule}`,
    ]);
  });

  it("matches patterns in linear time", () => {
    const rule = "self.name.matches('^(a+)+$')";
    expect(asked(root([{ rule }]), { name: `${"a".repeat(40)}b` })).toHaveLength(1);
  });
});
