// Drives a server with @azure/arm-webservices and @azure/arm-workspaces as their documentation does.
// Usage: node manage-webservices.cjs ENDPOINT TOKEN MODEL NEXT-MODEL; exits with 0 when every answer was as expected.
"use strict";
const assert = require("node:assert/strict");
const { AzureMLWebServicesManagementClient } = require("@azure/arm-webservices");
const { MachineLearningWorkspacesManagementClient } = require("@azure/arm-workspaces");

const [endpoint, token, model, nextModel] = process.argv.slice(2);
const credential = { getToken: async () => ({ token, expiresOnTimestamp: Date.now() + 3600000 }) };
const subscription = "00000000-0000-0000-0000-000000000000";
const services = new AzureMLWebServicesManagementClient(credential, subscription, { endpoint });
const workspaces = new MachineLearningWorkspacesManagementClient(credential, subscription, { endpoint });
const group = "rg";
const quick = { updateIntervalInMs: 10 };

async function collect(pages) {
  const all = [];
  for await (const item of pages) all.push(item);
  return all;
}

async function refused(status, code, call) {
  await assert.rejects(call, (error) => {
    assert.equal(error.statusCode, status, error.message);
    assert.equal(error.code, code, error.message);
    return true;
  });
}

const scoreModel = "aml://module/506153734175476c4f62416c57734963.401b4f92e7244d5abe81d5b0ff9bdb33.v1-default-1745";
const definition = () => ({
  location: "South Central US",
  tags: { a: "b" },
  properties: {
    packageType: "Graph",
    title: "Income",
    description: "Scores",
    realtimeConfiguration: { maxConcurrentCalls: 10 },
    diagnostics: { level: "None" },
    keys: { primary: "first-key", secondary: "second-key" },
    storageAccount: { name: "account", key: "secret" },
    commitmentPlan: { id: "/subscriptions/x/resourceGroups/rg/providers/Microsoft.MachineLearning/commitmentPlans/plan" },
    input: { type: "object", properties: { input1: { type: "object", properties: { x: { type: "Number", format: "Double" } } } } },
    output: { type: "object", properties: { output1: { type: "object", properties: { x: { type: "Number", format: "Double" } } } } },
    assets: {
      asset1: { name: "Score Model", type: "Module", locationInfo: { uri: scoreModel } },
      asset2: { name: "Income [trained model]", type: "Resource", locationInfo: { uri: model, credentials: "" } },
    },
    parameters: {},
    package: {
      nodes: { node1: { inputId: "input1" }, node2: { assetId: "asset2" }, node3: { assetId: "asset1" }, node4: { outputId: "output1" } },
      edges: [
        { sourceNodeId: "node1", targetNodeId: "node3", targetPortId: "Dataset" },
        { sourceNodeId: "node2", sourcePortId: "Results dataset", targetNodeId: "node3", targetPortId: "Trained model" },
        { sourceNodeId: "node3", sourcePortId: "Scored dataset", targetNodeId: "node4" },
      ],
      graphParameters: {},
    },
  },
});

async function score(service, key) {
  const url = new URL(service.properties.swaggerLocation.replace("swagger.json", "execute?api-version=2.0&format=swagger"));
  const answer = await fetch(url, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: JSON.stringify({ Inputs: { input1: [{ x: 1 }] }, GlobalParameters: {} }),
  });
  const text = await answer.text();
  assert.equal(answer.status, 200, text);
  return Number(JSON.parse(text).Results.output1[0]["Scored Labels"]);
}

async function creation() {
  const made = await services.webServices.beginCreateOrUpdateAndWait(group, "income", definition(), quick);
  assert.equal(made.properties.provisioningState, "Succeeded");
  assert.equal(made.properties.title, "Income");
  assert.deepEqual([made.name, made.type, made.location], ["income", "Microsoft.MachineLearning/webServices", "South Central US"]);
  assert.deepEqual([made.properties.keys, made.properties.storageAccount.key], [undefined, undefined]);
  const read = await services.webServices.get(group, "income");
  assert.equal(read.properties.package.nodes.node3.assetId, "asset1");
  assert.ok(read.properties.createdOn instanceof Date);
  assert.deepEqual(await services.webServices.listKeys(group, "income"), { primary: "first-key", secondary: "second-key" });
  assert.equal(await score(read, "first-key"), 101);
  assert.equal(await score(read, "second-key"), 101);
  const swagger = await (await fetch(read.properties.swaggerLocation)).json();
  assert.equal(swagger.info.title, "income");
}

async function lists() {
  for (const pages of [services.webServices.listByResourceGroup(group), services.webServices.listBySubscriptionId()]) {
    const all = await collect(pages);
    assert.deepEqual(all.map((found) => found.name), ["income"]);
    assert.deepEqual([all[0].properties.package, all[0].properties.assets], [undefined, undefined]);
  }
}

async function updates() {
  const patched = await services.webServices.beginPatchAndWait(
    group,
    "income",
    {
      tags: { c: "d" },
      properties: {
        packageType: "Graph",
        assets: { asset2: { name: "Income [trained model]", type: "Resource", locationInfo: { uri: nextModel, credentials: "" } } },
      },
    },
    quick,
  );
  assert.deepEqual(patched.tags, { c: "d" });
  assert.equal(patched.properties.description, "Scores");
  assert.equal(await score(await services.webServices.get(group, "income"), "first-key"), 8);

  // What was read goes back as it is: keys, credentials and models stay.
  const whole = await services.webServices.get(group, "income");
  whole.properties.realtimeConfiguration.maxConcurrentCalls = 50;
  const put = await services.webServices.beginCreateOrUpdateAndWait(group, "income", whole, quick);
  assert.equal(put.properties.realtimeConfiguration.maxConcurrentCalls, 50);
  assert.equal(await score(put, "first-key"), 8);
  await services.webServices.beginCreateRegionalPropertiesAndWait(group, "income", "westeurope", quick);
}

async function errors() {
  await refused(404, "ResourceNotFound", () => services.webServices.get(group, "none"));
  await refused(404, "ResourceNotFound", () => services.webServices.listKeys(group, "none"));
  const crowded = definition();
  crowded.properties.realtimeConfiguration.maxConcurrentCalls = 201;
  await refused(400, "BadRequest", () => services.webServices.beginCreateOrUpdateAndWait(group, "income", crowded, quick));
  const unknown = definition();
  unknown.properties.assets.asset1 = { name: "Mystery", type: "Module", locationInfo: { uri: "aml://module/a.b.c" } };
  await refused(400, "WebServicePackageError", () => services.webServices.beginCreateOrUpdateAndWait(group, "other", unknown, quick));
  await refused(404, "ResourceNotFound", () => services.webServices.get(group, "other"));
}

async function removal() {
  await services.webServices.beginRemoveAndWait(group, "income", quick);
  await services.webServices.beginRemoveAndWait(group, "income", quick);
  await refused(404, "ResourceNotFound", () => services.webServices.get(group, "income"));
}

async function places() {
  const client = workspaces.workspaces;
  const given = { location: "westeurope", userStorageAccountId: "/subscriptions/x/storageAccounts/a", tags: { a: "b" }, sku: { name: "S1", tier: "Standard" } };
  const made = await client.createOrUpdate(group, "mine", given);
  assert.deepEqual([made.name, made.workspaceType, made.workspaceState, made.tags.a], ["mine", "Production", "Enabled", "b"]);
  assert.match(made.workspaceId, /^[0-9a-f]{32}$/);
  const changed = await client.update(group, "mine", { tags: { c: "d" }, sku: { name: "S2" } });
  assert.deepEqual([changed.tags, changed.sku.name], [{ c: "d" }, "S2"]);
  assert.equal((await client.get(group, "mine")).userStorageAccountId, given.userStorageAccountId);
  const keys = await client.listWorkspaceKeys("mine", group);
  const answer = await fetch(new URL(`/workspaces/${made.workspaceId}/webservices`, endpoint), { headers: { authorization: `Bearer ${keys.primaryToken}` } });
  assert.equal(answer.status, 200);
  await client.resyncStorageKeys("mine", group);
  assert.deepEqual((await collect(client.listByResourceGroup(group))).map((found) => found.name), ["mine"]);
  assert.deepEqual((await collect(client.list())).map((found) => found.name), ["mine"]);
  await client.delete(group, "mine");
  await refused(404, "ResourceNotFound", () => client.get(group, "mine"));
}

(async () => {
  for (const step of [creation, lists, updates, errors, removal, places]) {
    await step();
    console.log(`${step.name} passed`);
  }
})().catch((error) => {
  console.error(error);
  process.exit(1);
});
