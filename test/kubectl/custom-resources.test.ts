import { expect, it } from "vitest";
import { withCluster } from "./workloads.ts";

const DEFINITION = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: widgets.shop.example.com}
spec:
  group: shop.example.com
  scope: Namespaced
  names: {plural: widgets, singular: widget, kind: Widget, shortNames: [wd], categories: [all]}
  versions:
  - name: v1
    served: true
    storage: true
    subresources:
      status: {}
      scale:
        specReplicasPath: .spec.replicas
        statusReplicasPath: .status.replicas
        labelSelectorPath: .status.selector
    selectableFields:
    - jsonPath: .spec.color
    additionalPrinterColumns:
    - {name: Color, type: string, jsonPath: .spec.color}
    - {name: Replicas, type: integer, jsonPath: .spec.replicas}
    - {name: Ready, type: string, jsonPath: '.status.conditions[?(@.type=="Ready")].status'}
    - {name: Note, type: string, jsonPath: .spec.note, priority: 1}
    - {name: Age, type: date, jsonPath: .metadata.creationTimestamp}
    schema:
      openAPIV3Schema:
        type: object
        description: Widget is something to sell.
        required: [spec]
        properties:
          spec:
            type: object
            required: [color]
            properties:
              color: {type: string, enum: [red, green, blue], description: What it looks like.}
              replicas: {type: integer, minimum: 0, maximum: 10, default: 1}
              note: {type: string, pattern: '^[a-z ]*$', maxLength: 20}
              port: {x-kubernetes-int-or-string: true}
              parts:
                type: array
                x-kubernetes-list-type: map
                x-kubernetes-list-map-keys: [name]
                items:
                  type: object
                  required: [name]
                  properties:
                    name: {type: string}
                    weight: {type: number}
          status:
            type: object
            properties:
              replicas: {type: integer}
              selector: {type: string}
              conditions:
                type: array
                items:
                  type: object
                  properties:
                    type: {type: string}
                    status: {type: string}
`;

const widget = (name: string, spec: string) => `apiVersion: shop.example.com/v1
kind: Widget
metadata: {name: ${name}}
spec: ${spec}
`;

withCluster("on custom resources", (kubectl) => {
  const file = (name: string, text: string) => kubectl().file(name, text);

  it("defines a kind, which is there at once", async () => {
    expect(await kubectl()("apply", "-f", file("crd.yaml", DEFINITION))).toContain("created");
    await kubectl()("wait", "crd/widgets.shop.example.com", "--for=condition=Established", "--timeout=100s");
    await kubectl()("apply", "-f", file("red.yaml", widget("red", "{color: red}")));
    expect(await kubectl()("get", "wd")).toMatch(
      /NAME\s+COLOR\s+REPLICAS\s+READY\s+AGE\nred\s+red\s+1\s+\w+\n/,
    );
    expect(await kubectl()("get", "wd", "-o", "wide")).toMatch(/NOTE/);
    expect(await kubectl()("get", "all")).toMatch(/widget.shop.example.com\/red/);
    expect(await kubectl()("api-resources", "--api-group=shop.example.com", "-o", "wide")).toMatch(
      /widgets\s+wd\s+shop.example.com\/v1\s+true\s+Widget\s+create,delete.*all/,
    );
  });

  it("explains and describes it", async () => {
    const text = await kubectl()("explain", "widget.spec");
    expect(text).toMatch(/GROUP:\s+shop.example.com/);
    expect(text).toMatch(/color\s+<string> -required-/);
    expect(await kubectl()("explain", "widget")).toContain("Widget is something to sell.");
    const older = await kubectl()("explain", "--output=plaintext-openapiv2", "widget.spec");
    expect(older).toMatch(/color\s+<string> -required-\s+What it looks like\./);
    expect(await kubectl()("describe", "widget", "red")).toMatch(/Spec:\n\s+Color:\s+red\n\s+Replicas:\s+1/);
  });

  it("refuses what the schema does not allow, in the words of Kubernetes", async () => {
    const refused = async (spec: string, ...flags: string[]) => {
      const path = file("bad.yaml", widget("bad", spec));
      return (await kubectl().run(["create", "-f", path, ...flags])).stderr;
    };
    expect(await refused("{color: pink}")).toContain(
      'The Widget "bad" is invalid: spec.color: Unsupported value: "pink": supported values: "red", "green", "blue"',
    );
    expect(await refused("{}")).toContain("spec.color: Required value");
    expect(await refused('{color: red, replicas: "3"}')).toContain(
      'spec.replicas: Invalid value: "string": spec.replicas in body must be of type integer: "string"',
    );
    expect(await refused("{color: red, replicas: 11}")).toContain(
      "spec.replicas: Invalid value: 11: spec.replicas in body should be less than or equal to 10",
    );
    expect(await refused("{color: red, note: ABC}")).toContain(
      "spec.note: Invalid value: \"ABC\": spec.note in body should match '^[a-z ]*$'",
    );
    expect(await refused("{color: red, parts: [{name: a}, {name: a}]}")).toContain(
      'spec.parts[1]: Duplicate value: {"name":"a"}',
    );
    expect(await refused("{color: red, colour: red}")).toContain(
      'strict decoding error: unknown field "spec.colour"',
    );
    const warned = await refused("{color: red, colour: red}", "--validate=warn", "--dry-run=server");
    expect(warned).toContain('Warning: unknown field "spec.colour"');
  });

  it("applies changes, patches, selects by fields, scales and watches", async () => {
    await kubectl()("apply", "-f", file("blue.yaml", widget("blue", "{color: blue, parts: [{name: a}]}")));
    const watch = kubectl().start("get", "wd", "-w");
    await watch.until(/blue/);
    const path = file("blue.yaml", widget("blue", "{color: green, replicas: 2}"));
    expect(await kubectl()("apply", "-f", path)).toBe("widget.shop.example.com/blue configured\n");
    expect(await kubectl()("apply", "-f", path)).toBe("widget.shop.example.com/blue unchanged\n");
    await watch.until(/blue\s+green\s+2/);
    watch.stop();
    expect(await kubectl()("get", "wd", "blue", "-o", "jsonpath={.spec} {.metadata.generation}")).toBe(
      '{"color":"green","replicas":2} 2',
    );
    expect(await kubectl()("get", "wd", "--field-selector=spec.color=green", "-o", "name")).toBe(
      "widget.shop.example.com/blue\n",
    );
    await kubectl()("scale", "wd/blue", "--replicas=5");
    expect(await kubectl()("get", "wd", "blue", "-o", "jsonpath={.spec.replicas}")).toBe("5");
    const patch = ["patch", "wd", "blue", "--type=json", "-p", '[{"op":"remove","path":"/spec/replicas"}]'];
    await kubectl()(...patch);
    expect(await kubectl()("get", "wd", "blue", "-o", "jsonpath={.spec.replicas}")).toBe("1");
    const strategic = await kubectl().run(["patch", "wd", "blue", "-p", '{"spec":{"color":"red"}}']);
    expect(strategic.stderr).toMatch(/strategic merge patch|UnsupportedMediaType|unknown format/);
    await kubectl()("patch", "wd", "blue", "--type=merge", "-p", '{"spec":{"color":"red"}}');
    await kubectl()("label", "wd", "blue", "tier=front");
    expect(await kubectl()("get", "wd", "-l", "tier=front", "-o", "name")).toBe(
      "widget.shop.example.com/blue\n",
    );
  });

  it("applies on the server's side, by the keys of the schema's lists", async () => {
    const apply = (manager: string, spec: string, ...flags: string[]) => {
      const path = file("ssa.yaml", widget("ssa", spec));
      return kubectl().run(["apply", "--server-side", `--field-manager=${manager}`, "-f", path, ...flags]);
    };
    expect((await apply("one", "{color: red, parts: [{name: a, weight: 1}]}")).stderr).toBe("");
    expect((await apply("two", "{color: red, parts: [{name: b, weight: 2}]}")).stderr).toBe("");
    const parts = ["get", "wd", "ssa", "-o", "jsonpath={.spec.parts}"];
    expect(await kubectl()(...parts)).toBe('[{"name":"a","weight":1},{"name":"b","weight":2}]');
    const conflict = await apply("two", "{color: red, parts: [{name: a, weight: 3}]}");
    expect(conflict.stderr).toContain('conflict with "one": .spec.parts[name="a"].weight');
    expect(
      (await apply("two", "{color: red, parts: [{name: a, weight: 3}]}", "--force-conflicts")).code,
    ).toBe(0);
    expect(await kubectl()(...parts)).toBe('[{"name":"a","weight":3}]');
    const owned = await kubectl()("get", "wd", "ssa", "--show-managed-fields", "-o", "json");
    expect(owned).not.toContain("f:replicas");
    await kubectl()("delete", "wd", "ssa");
  });

  it("keeps status apart and waits for it", async () => {
    const status = '{"status":{"replicas":1,"conditions":[{"type":"Ready","status":"True"}]}}';
    await kubectl()("patch", "wd", "red", "--type=merge", "-p", status);
    expect(await kubectl()("get", "wd", "red", "-o", "jsonpath={.status}")).toBe("");
    const waiting = kubectl()("wait", "wd/red", "--for=condition=Ready", "--timeout=100s");
    await kubectl()("patch", "wd", "red", "--subresource=status", "--type=merge", "-p", status);
    expect(await waiting).toContain("condition met");
    expect(await kubectl()("get", "wd", "red")).toMatch(/red\s+red\s+1\s+True/);
    expect(await kubectl()("get", "wd", "red", "-o", "jsonpath={.metadata.generation}")).toBe("1");
    const wrong = '{"status":{"replicas":"many"}}';
    const refused = await kubectl().run([
      "patch",
      "wd",
      "red",
      "--subresource=status",
      "--type=merge",
      "-p",
      wrong,
    ]);
    expect(refused.stderr).toContain("status.replicas in body must be of type integer");
  });

  it("deletes the definition with its objects, once their finalizers let them go", async () => {
    const held = '{"metadata":{"finalizers":["shop.example.com/held"]}}';
    await kubectl()("patch", "wd", "red", "--type=merge", "-p", held);
    await kubectl()("delete", "crd", "widgets.shop.example.com", "--wait=false");
    await kubectl()("wait", "wd/blue", "--for=delete", "--timeout=100s");
    const late = await kubectl().run(["create", "-f", file("late.yaml", widget("late", "{color: red}"))]);
    expect(late.stderr).toContain("create not allowed while custom resource definition is terminating");
    await kubectl()("patch", "wd", "red", "--type=merge", "-p", '{"metadata":{"finalizers":null}}');
    await kubectl()("wait", "crd/widgets.shop.example.com", "--for=delete", "--timeout=100s");
    expect((await kubectl().run(["get", "widgets.shop.example.com"])).stderr).toMatch(
      /the server doesn't have a resource type|could not find the requested resource/,
    );
  });
});
