// The official JavaScript client, unchanged, against an emulator: prints what it met as JSON.
// Arguments: where the client is installed, the emulator's address, and a delivery to verify as JSON.
import { createRequire } from "node:module";

const [installed, basePath, delivery] = process.argv.slice(2);
const { Client, Signature } = createRequire(`${installed}/`)("@hubspot/api-client");
const { crm } = new Client({ accessToken: "any", basePath });
const contacts = crm.contacts;
const email = (name) => `${name}@example.se`;

const anna = await contacts.basicApi.create({ properties: { email: email("anna"), firstname: "Anna" } });
const made = await contacts.batchApi.create({
  inputs: ["bo", "cia", "dan"].map((name) => ({ properties: { email: email(name) } })),
});
const [bo, cia, dan] = email && made.results.map((row) => row.id).sort();
const company = await crm.companies.basicApi.create({ properties: { name: "Nordkraft AB" } });
await crm.associations.v4.basicApi.createDefault("contacts", anna.id, "companies", company.id);
const linked = await crm.associations.v4.batchApi.getPage("contacts", "companies", { inputs: [{ id: anna.id }] });
const everyone = await contacts.getAll(1, undefined, ["email"]);
const found = await contacts.searchApi.doSearch({
  filterGroups: [{ filters: [{ propertyName: "email", operator: "EQ", value: email("anna") }] }],
});
const read = await contacts.batchApi.read({ inputs: [{ id: anna.id }, { id: "7" }], properties: ["firstname"] });
const merged = await contacts.basicApi.merge({ primaryObjectId: bo, objectIdToMerge: cia });
await contacts.basicApi.archive(dan);
await contacts.basicApi.purge({ objectId: anna.id });
const missing = await contacts.basicApi.getById(anna.id).catch((error) => error.code);
const taken = await contacts.basicApi
  .create({ properties: { email: email("bo") } })
  .catch((error) => [error.code, error.body.category]);

const { url, secret, body, headers } = JSON.parse(delivery);
const clientSecret = secret, requestBody = body, method = "POST";
const timestamp = Number(headers["X-HubSpot-Request-Timestamp"]);
const signed = [
  Signature.isValid({ signatureVersion: "v1", signature: headers["X-HubSpot-Signature"], clientSecret, requestBody }),
  Signature.isValid({
    signatureVersion: "v3", signature: headers["X-HubSpot-Signature-v3"], method, clientSecret, requestBody, url, timestamp,
  }),
];
const left = await contacts.getAll();
console.log(JSON.stringify({
  everyone: everyone.map((row) => row.properties.email),
  total: found.total,
  linked: linked.results[0].to[0].toObjectId == company.id,
  read: read.results.map((row) => row.properties.firstname),
  numErrors: read.numErrors,
  merged: merged.properties.hs_merged_object_ids === `${bo};${cia}`,
  missing,
  taken,
  signed,
  left: left.map((row) => row.properties.email),
}));
