// Reads {document, replies} from stdin and prints a list of faults: where the
// document is not valid OpenAPI, and which replies its schemas do not allow.
// NODE_PATH is the folder with the modules.
"use strict";

const { readFileSync } = require("fs");
const Ajv = require("ajv/dist/2020").default;
const addFormats = require("ajv-formats").default;

const REFERENCE = "#/components/schemas/";
const SCHEMAS = "kith:schemas";

async function faultsOfDocument(document) {
  const module = require.resolve("@seriousme/openapi-schema-validator");
  const { Validator } = await import(module);
  const validator = new Validator();
  const result = await validator.validate(structuredClone(document));
  if (!result.valid) return [].concat(result.errors).map((fault) => JSON.stringify(fault));
  // Resolves each reference, or throws.
  validator.resolveRefs();
  return [];
}

// A validator that takes no field that the schemas do not have, and knows the
// document by `SCHEMAS`.
function strictSchemas(document) {
  const ajv = new Ajv({ strict: true, allErrors: true });
  addFormats(ajv);
  for (const format of ["int64", "uint64"]) ajv.addFormat(format, /^-?[0-9]+$/);
  ajv.addFormat("uint32", { type: "number", validate: (number) => number >= 0 });
  ajv.addFormat("field-mask", /^([A-Za-z0-9._]+(,[A-Za-z0-9._]+)*)?$/);
  const components = document.components.schemas;
  for (const schema of Object.values(components)) {
    if (schema.type === "object" && !("additionalProperties" in schema)) {
      schema.unevaluatedProperties = false;
    }
  }
  ajv.addSchema({ $id: SCHEMAS, $defs: components });
  for (const name of Object.keys(components)) ajv.compile({ $ref: `${SCHEMAS}#/$defs/${name}` });
  return ajv;
}

function faultOfReply(document, ajv, reply) {
  const where = `${reply.method} ${reply.path} ${reply.status} ${reply.type}`;
  const operation = document.paths[reply.path]?.[reply.method];
  const schema = operation?.responses[reply.status]?.content[reply.type]?.schema;
  if (schema === undefined) return `${where}: not in the document`;
  const validate = ajv.compile(schema);
  return validate(reply.body) ? "" : `${where}: ${JSON.stringify(validate.errors)}`;
}

async function main() {
  const { document, replies } = JSON.parse(readFileSync(0, "utf8"));
  const faults = await faultsOfDocument(document);
  const text = JSON.stringify(document).replaceAll(REFERENCE, `${SCHEMAS}#/$defs/`);
  const ours = JSON.parse(text);
  const ajv = strictSchemas(ours);
  faults.push(...replies.map((reply) => faultOfReply(ours, ajv, reply)).filter(Boolean));
  console.log(JSON.stringify(faults));
}

main();
