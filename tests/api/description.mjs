// The description of the API as the tests use it: what it declares, whether an answer is as it says,
// and which of the declared answers have been seen.
import { readFileSync } from "node:fs";
import Ajv2020 from "ajv/dist/2020.js";
import addFormats from "ajv-formats";

const file = new URL("../../http/openapi.json", import.meta.url);

// An answer holds nothing that the description doesn't name, although clients shall bear more.
function close(schema) {
  if (Array.isArray(schema)) return schema.map(close);
  if (!schema || typeof schema !== "object") return schema;
  const closed = Object.fromEntries(
    Object.entries(schema).map(([key, value]) => [key, close(value)]),
  );
  if (closed.allOf) closed.unevaluatedProperties = false;
  else if (
    closed.type === "object" &&
    closed.properties &&
    !closed.properties.traceId &&
    !closed.properties.openapi
  )
    closed.additionalProperties ??= false;
  return closed;
}

export class Description {
  constructor(document = JSON.parse(readFileSync(file, "utf8"))) {
    this.document = document;
    this.operations = {};
    for (const [path, item] of Object.entries(document.paths))
      for (const [method, operation] of Object.entries(item))
        if (method !== "parameters")
          this.operations[operation.operationId] = {
            ...operation,
            path,
            method: method.toUpperCase(),
            parameters: [...(operation.parameters ?? []), ...(item.parameters ?? [])].map((p) =>
              this.find(p),
            ),
          };
    const ajv = (components) => {
      const made = new Ajv2020({ strict: false, allErrors: true });
      addFormats(made);
      made.addFormat("int64", true);
      return made.addSchema({ $id: "api", components });
    };
    this.requests = ajv(document.components);
    this.answers = ajv({
      ...document.components,
      schemas: close(document.components.schemas),
      responses: {},
    });
    this.compiled = new Map();
    this.seen = new Set();
  }

  find(object) {
    if (!object.$ref) return object;
    return object.$ref
      .slice(2)
      .split("/")
      .reduce((place, key) => place[key], this.document);
  }

  // "Name 409 SEAT_LIMIT" for every answer that the description declares, but for `default`.
  declared() {
    const all = [];
    for (const [id, operation] of Object.entries(this.operations))
      for (const [status, response] of Object.entries(operation.responses)) {
        if (status === "default") continue;
        const problem = this.find(response).content?.["application/problem+json"];
        if (!problem) all.push(`${id} ${status}`);
        else
          for (const code of problem.schema.allOf[1].properties.code.enum)
            all.push(`${id} ${status} ${code}`);
      }
    return all;
  }

  check(ajv, schema, value, what) {
    const key = JSON.stringify(schema);
    const known = ajv === this.answers ? "a" + key : "r" + key;
    if (!this.compiled.has(known))
      this.compiled.set(
        known,
        ajv.compile(JSON.parse(key.replaceAll('"#/components/', '"api#/components/'))),
      );
    const valid = this.compiled.get(known);
    if (!valid(value))
      throw new Error(
        `${what} is not as described: ${ajv.errorsText(valid.errors)}\n${JSON.stringify(value)?.slice(0, 2000)}`,
      );
  }

  checkRequest(id, body) {
    const content = this.operations[id].requestBody?.content?.["application/json"];
    if (!content) throw new Error(`${id} takes no body`);
    this.check(this.requests, content.schema, body, `the body of ${id}`);
  }

  // Throws unless the answer is one of the operation's and in every part as described. Gives its
  // body, parsed where it is JSON.
  checkAnswer(id, answer) {
    const operation = this.operations[id];
    const declared = operation.responses[answer.status];
    const response = this.find(declared ?? operation.responses.default);
    const what = `${id}: the answer ${answer.status}`;
    for (const [name, header] of Object.entries(response.headers ?? {}))
      this.checkHeader(name, this.find(header), answer, what);
    const type = answer.headers["content-type"]?.split(";")[0];
    const contents = response.content ?? {};
    let body;
    if (Object.keys(contents).length === 0) {
      if (answer.text !== "" || type) throw new Error(`${what} has a body`);
    } else {
      if (!contents[type])
        throw new Error(`${what} is of type ${type}: ${answer.text.slice(0, 500)}`);
      body = type.endsWith("json") ? JSON.parse(answer.text) : answer.text;
      this.check(this.answers, close(contents[type].schema), body, what);
      const fails = body?.responseResult === "FAIL";
      if (type === "application/problem+json" && fails !== (operation.tags[0] === "mock"))
        throw new Error(`${what}: responseResult is for the seed's routes, and always there`);
      if (
        body?.status !== undefined &&
        type === "application/problem+json" &&
        body.status !== answer.status
      )
        throw new Error(`${what} says ${body.status} inside`);
    }
    const problem = type === "application/problem+json";
    if (declared)
      this.seen.add(problem ? `${id} ${answer.status} ${body.code}` : `${id} ${answer.status}`);
    return body;
  }

  // A refusal that belongs to no operation.
  checkProblem(answer, code) {
    const body = JSON.parse(answer.text);
    this.check(
      this.answers,
      { $ref: "#/components/schemas/Problem" },
      body,
      `the answer ${answer.status}`,
    );
    if (
      body.code !== code ||
      body.status !== answer.status ||
      answer.headers["content-type"] !== "application/problem+json"
    )
      throw new Error(`this is ${answer.status} ${body.code}, not ${code}`);
  }

  checkHeader(name, header, answer, what) {
    const text = answer.headers[name.toLowerCase()];
    if (text === undefined) {
      if (header.required) throw new Error(`${what} lacks the header ${name}`);
      return;
    }
    const value = header.schema.type === "integer" ? Number(text) : text;
    this.check(this.answers, header.schema, value, `${what}, header ${name}`);
  }
}
