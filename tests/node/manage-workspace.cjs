// Drives the Synapse data plane of a server with @azure/synapse-artifacts: long-running writes, runs, deletes.
// Usage: node manage-workspace.cjs ENDPOINT TOKEN; exits with 0 when every answer was as expected.
"use strict";
const assert = require("node:assert/strict");
const { ArtifactsClient } = require("@azure/synapse-artifacts");

const [endpoint, token] = process.argv.slice(2);
const credential = { getToken: async () => ({ token, expiresOnTimestamp: Date.now() + 3600000 }) };
const client = new ArtifactsClient(credential, endpoint);
const quickly = { updateIntervalInMs: 10 };
const window = () => ({
  lastUpdatedAfter: new Date(Date.now() - 600000),
  lastUpdatedBefore: new Date(Date.now() + 600000),
});

async function collect(pages) {
  const all = [];
  for await (const item of pages) all.push(item);
  return all;
}

async function definitions() {
  const linked = await client.linkedServiceOperations.beginCreateOrUpdateLinkedServiceAndWait(
    "store", { properties: { type: "AzureBlobStorage", connectionString: "AccountName=a;" } }, quickly);
  assert.equal(linked.name, "store");
  await client.datasetOperations.beginCreateOrUpdateDatasetAndWait(
    "table",
    { properties: { type: "Json", linkedServiceName: { type: "LinkedServiceReference", referenceName: "store" } } },
    quickly);
  const pipeline = { variables: { v: { type: "String" } }, activities: [{ name: "Set", type: "SetVariable", variableName: "v", value: "x" }] };
  const made = await client.pipelineOperations.beginCreateOrUpdatePipelineAndWait("flow", pipeline, quickly);
  assert.equal(made.name, "flow");
  const read = await client.pipelineOperations.getPipeline("flow");
  assert.equal(read.activities[0].name, "Set");
  await client.pipelineOperations.beginRenamePipelineAndWait("flow", { newName: "flow2" }, quickly);
  const names = (await collect(client.pipelineOperations.listPipelinesByWorkspace())).map((found) => found.name);
  assert.deepEqual(names, ["flow2"]);
}

async function runs() {
  const { runId } = await client.pipelineOperations.createPipelineRun("flow2");
  let run;
  do {
    run = await client.pipelineRunOperations.getPipelineRun(runId);
  } while (run.status === "InProgress" || run.status === "Queued");
  assert.equal(run.status, "Succeeded");
  const found = await client.pipelineRunOperations.queryPipelineRunsByWorkspace(window());
  assert.deepEqual(found.value.map((entry) => entry.runId), [runId]);
  const activities = await client.pipelineRunOperations.queryActivityRuns("flow2", runId, window());
  assert.equal(activities.value[0].activityName, "Set");
}

async function removal() {
  await client.pipelineOperations.beginDeletePipelineAndWait("flow2", quickly);
  await client.datasetOperations.beginDeleteDatasetAndWait("table", quickly);
  await client.linkedServiceOperations.beginDeleteLinkedServiceAndWait("store", quickly);
  assert.deepEqual(await collect(client.linkedServiceOperations.listLinkedServicesByWorkspace()), []);
}

(async () => {
  for (const step of [definitions, runs, removal]) {
    await step();
    console.log(`${step.name} passed`);
  }
})().catch((error) => {
  console.error(error);
  process.exit(1);
});
