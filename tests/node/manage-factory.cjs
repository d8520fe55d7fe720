// Drives a server with @azure/arm-datafactory as its documentation does: make everything, run, poll, query, cancel, delete.
// Usage: node manage-factory.cjs ENDPOINT TOKEN; exits with 0 when every answer was as expected.
"use strict";
const assert = require("node:assert/strict");
const { DataFactoryManagementClient } = require("@azure/arm-datafactory");

const [endpoint, token] = process.argv.slice(2);
const credential = { getToken: async () => ({ token, expiresOnTimestamp: Date.now() + 3600000 }) };
const client = new DataFactoryManagementClient(credential, "00000000-0000-0000-0000-000000000000", { endpoint });
const [group, factory] = ["rg", "js-factory"];
const ended = ["Succeeded", "Failed", "Cancelled"];
const window = () => ({
  lastUpdatedAfter: new Date(Date.now() - 600000),
  lastUpdatedBefore: new Date(Date.now() + 600000),
});

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

async function finished(runId, until = ended) {
  for (;;) {
    const run = await client.pipelineRuns.get(group, factory, runId);
    if (until.includes(run.status)) return run;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function factories() {
  const made = await client.factories.createOrUpdate(group, factory, { location: "westeurope", tags: { a: "b" } });
  assert.equal(made.provisioningState, "Succeeded");
  assert.equal(made.location, "westeurope");
  assert.ok(made.eTag && made.createTime instanceof Date && made.version === "2018-06-01");
  assert.equal((await client.factories.get(group, factory)).name, factory);
  assert.ok((await collect(client.factories.list())).some((found) => found.name === factory));
  assert.ok((await collect(client.factories.listByResourceGroup(group))).some((found) => found.name === factory));
  assert.deepEqual((await client.factories.update(group, factory, { tags: { c: "d" } })).tags, { c: "d" });
  await refused(404, "ResourceNotFound", () => client.factories.get(group, "not-there"));
  assert.ok((await collect(client.operations.list())).length > 50);
}

async function definitions() {
  const linked = await client.linkedServices.createOrUpdate(group, factory, "storage", {
    properties: { type: "AzureBlobStorage", connectionString: { type: "SecureString", value: "AccountName=a;AccountKey=c2VjcmV0;" } },
  });
  assert.equal(linked.properties.connectionString.value, "**********");
  await client.datasets.createOrUpdate(group, factory, "blob", {
    properties: {
      type: "DelimitedText",
      linkedServiceName: { type: "LinkedServiceReference", referenceName: "storage" },
      location: { type: "AzureBlobStorageLocation", container: "c", fileName: "f.csv" },
      columnDelimiter: ",",
    },
  });
  const dataset = await client.datasets.get(group, factory, "blob");
  assert.equal(dataset.properties.location.container, "c");
  await client.globalParameters.createOrUpdate(group, factory, "default", { properties: { greeting: { type: "String", value: "hello" } } });
  await client.pipelines.createOrUpdate(group, factory, "greet", {
    parameters: { who: { type: "String" }, times: { type: "Int", defaultValue: 1 } },
    variables: { said: { type: "String" } },
    activities: [
      { name: "Rest", type: "Wait", waitTimeInSeconds: 1 },
      {
        name: "Say",
        type: "SetVariable",
        dependsOn: [{ activity: "Rest", dependencyConditions: ["Succeeded"] }],
        variableName: "said",
        value: "@concat(pipeline().globalParameters.greeting, ' ', pipeline().parameters.who)",
      },
    ],
  });
  await client.pipelines.createOrUpdate(group, factory, "sleep", {
    activities: [{ name: "Sleep", type: "Wait", waitTimeInSeconds: 600 }],
  });
  const parent = {
    activities: [
      { name: "Call", type: "ExecutePipeline", pipeline: { type: "PipelineReference", referenceName: "sleep" }, waitOnCompletion: true },
    ],
  };
  await client.pipelines.createOrUpdate(group, factory, "parent", parent);
  assert.deepEqual(
    (await collect(client.pipelines.listByFactory(group, factory))).map((found) => found.name),
    ["greet", "parent", "sleep"],
  );
  const read = await client.pipelines.get(group, factory, "greet");
  assert.equal(read.activities[0].waitTimeInSeconds, 1);
  assert.equal((await client.pipelines.get(group, factory, "greet", { ifNoneMatch: read.etag })).name, undefined);
  await client.pipelines.createOrUpdate(group, factory, "parent", parent, { ifMatch: "*" });
  await refused(412, "PreconditionFailed", () => client.pipelines.createOrUpdate(group, factory, "greet", read, { ifMatch: "old" }));
  await refused(400, "BadRequest", () => client.linkedServices.delete(group, factory, "storage"));
  await refused(404, "PipelineNotFound", () => client.pipelines.get(group, factory, "none"));

  await client.integrationRuntimes.createOrUpdate(group, factory, "host", { properties: { type: "SelfHosted" } });
  assert.equal((await client.integrationRuntimes.getStatus(group, factory, "host")).properties.state, "Online");
  assert.ok((await client.integrationRuntimes.listAuthKeys(group, factory, "host")).authKey1);
}

async function triggers() {
  await client.triggers.createOrUpdate(group, factory, "daily", {
    properties: {
      type: "ScheduleTrigger",
      recurrence: { frequency: "Day", interval: 1, startTime: new Date("2030-01-01T00:00:00Z"), timeZone: "UTC" },
      pipelines: [{ pipelineReference: { type: "PipelineReference", referenceName: "greet" }, parameters: { who: "you" } }],
    },
  });
  const trigger = await client.triggers.get(group, factory, "daily");
  assert.equal(trigger.properties.runtimeState, "Stopped");
  assert.equal(trigger.properties.recurrence.frequency, "Day");
  assert.equal((await client.triggers.queryByFactory(group, factory, {})).value.length, 1);
  assert.deepEqual((await client.triggerRuns.queryByFactory(group, factory, window())).value, []);
  await refused(400, "BadRequest", () => client.pipelines.delete(group, factory, "greet"));
  await client.triggers.beginStartAndWait(group, factory, "daily", { updateIntervalInMs: 10 });
  assert.equal((await client.triggers.get(group, factory, "daily")).properties.runtimeState, "Started");
  await refused(400, "TriggerEnabledCannotUpdate", () => client.triggers.delete(group, factory, "daily"));
  await client.triggers.beginStopAndWait(group, factory, "daily", { updateIntervalInMs: 10 });

  const hour = 3600000;
  const start = new Date(Math.floor(Date.now() / hour) * hour - 2 * hour);
  await client.triggers.createOrUpdate(group, factory, "hourly", {
    properties: {
      type: "TumblingWindowTrigger",
      frequency: "Hour",
      interval: 1,
      startTime: start,
      endTime: new Date(start.getTime() + 2 * hour),
      maxConcurrency: 1,
      pipeline: { pipelineReference: { type: "PipelineReference", referenceName: "greet" }, parameters: { who: "@trigger().outputs.windowStartTime" } },
    },
  });
  await client.triggers.beginStartAndWait(group, factory, "hourly", { updateIntervalInMs: 10 });
  const query = {
    ...window(),
    filters: [{ operand: "TriggerName", operator: "Equals", values: ["hourly"] }],
    orderBy: [{ orderBy: "TriggerRunTimestamp", order: "ASC" }],
  };
  let windows;
  do {
    windows = (await client.triggerRuns.queryByFactory(group, factory, query)).value;
  } while (windows.filter((found) => found.status === "Succeeded").length < 2);
  assert.equal(windows[0].triggerType, "TumblingWindowTrigger");
  const run = await client.pipelineRuns.get(group, factory, windows[0].triggeredPipelines.greet);
  assert.deepEqual([run.status, run.invokedBy.name, run.invokedBy.invokedByType], ["Succeeded", "hourly", "TumblingWindowTrigger"]);
  await client.triggerRuns.rerun(group, factory, "hourly", windows[0].triggerRunId);
  do {
    windows = (await client.triggerRuns.queryByFactory(group, factory, query)).value;
  } while (windows.filter((found) => found.status === "Succeeded").length < 3);
  await client.triggers.beginStopAndWait(group, factory, "hourly", { updateIntervalInMs: 10 });
}

async function runs() {
  const { runId } = await client.pipelines.createRun(group, factory, "greet", { parameters: { who: "you" } });
  const run = await finished(runId);
  assert.equal(run.status, "Succeeded", run.message);
  assert.deepEqual([run.runGroupId, run.isLatest, run.parameters.who, run.invokedBy.name, run.invokedBy.id], [runId, true, "you", "Manual", runId]);
  assert.ok(run.runEnd >= run.runStart && run.durationInMs >= 1000);

  const activities = await client.activityRuns.queryByPipelineRun(group, factory, runId, {
    ...window(),
    orderBy: [{ orderBy: "ActivityRunStart", order: "ASC" }],
  });
  assert.deepEqual(activities.value.map((activity) => activity.activityName), ["Rest", "Say"]);
  const one = await client.activityRuns.queryByPipelineRun(group, factory, runId, {
    ...window(),
    filters: [{ operand: "ActivityType", operator: "NotEquals", values: ["Wait"] }],
  });
  assert.equal(one.value[0].output.value ?? one.value[0].input.value, "hello you");

  const again = await client.pipelines.createRun(group, factory, "greet", { referencePipelineRunId: runId, isRecovery: true });
  const repeated = await finished(again.runId);
  assert.deepEqual([repeated.status, repeated.runGroupId, repeated.isLatest, repeated.parameters.who], ["Succeeded", runId, true, "you"]);
  assert.equal((await client.pipelineRuns.get(group, factory, runId)).isLatest, false);
  const latest = await client.pipelineRuns.queryByFactory(group, factory, {
    ...window(),
    filters: [
      { operand: "RunGroupId", operator: "Equals", values: [runId] },
      { operand: "LatestOnly", operator: "Equals", values: ["true"] },
    ],
  });
  assert.deepEqual(latest.value.map((found) => found.runId), [again.runId]);

  await rerunFromFailure();
  const parent = await client.pipelines.createRun(group, factory, "parent");
  await finished(parent.runId, ["InProgress"]);
  let child;
  while (!child) {
    const open = await client.pipelineRuns.queryByFactory(group, factory, {
      ...window(),
      filters: [
        { operand: "PipelineName", operator: "Equals", values: ["sleep"] },
        { operand: "Status", operator: "In", values: ["InProgress", "Queued"] },
      ],
      orderBy: [{ orderBy: "RunStart", order: "DESC" }],
    });
    child = open.value[0];
  }
  assert.equal(child.invokedBy.invokedByType, "PipelineActivity");
  await client.pipelineRuns.cancel(group, factory, parent.runId, { isRecursive: true });
  assert.equal((await finished(parent.runId)).status, "Cancelled");
  assert.equal((await finished(child.runId)).status, "Cancelled");

  let [pages, token] = [0, undefined];
  do {
    const page = await client.pipelineRuns.queryByFactory(group, factory, { ...window(), continuationToken: token });
    [pages, token] = [pages + 1, page.continuationToken];
  } while (token);
  assert.equal(pages, 1);
  await refused(404, "PipelineRunNotFound", () => client.pipelineRuns.get(group, factory, "11111111-1111-1111-1111-111111111111"));
  await refused(400, "BadRequest", () => client.pipelines.createRun(group, factory, "greet", { parameters: { times: "many" } }));
}

/** A run that failed is begun again where it failed, once what it failed of is mended; what ended well is not done again. */
async function rerunFromFailure() {
  const divisor = (value) =>
    client.globalParameters.createOrUpdate(group, factory, "default", {
      properties: { greeting: { type: "String", value: "hello" }, divisor: { type: "Int", value } },
    });
  await divisor(0);
  await client.pipelines.createOrUpdate(group, factory, "fragile", {
    variables: { share: { type: "String" } },
    activities: [
      {
        name: "Before",
        type: "ExecutePipeline",
        pipeline: { type: "PipelineReference", referenceName: "greet" },
        parameters: { who: "you" },
        waitOnCompletion: true,
      },
      {
        name: "Divide",
        type: "SetVariable",
        dependsOn: [{ activity: "Before", dependencyConditions: ["Succeeded"] }],
        variableName: "share",
        value: "@string(div(12, pipeline().globalParameters.divisor))",
      },
    ],
  });
  const { runId } = await client.pipelines.createRun(group, factory, "fragile");
  assert.equal((await finished(runId)).status, "Failed");
  await divisor(4);
  const again = await client.pipelines.createRun(group, factory, "fragile", {
    referencePipelineRunId: runId,
    isRecovery: true,
    startFromFailure: true,
  });
  const mended = await finished(again.runId);
  assert.deepEqual([mended.status, mended.runGroupId], ["Succeeded", runId], mended.message);
  const before = async (id) =>
    (await client.activityRuns.queryByPipelineRun(group, factory, id, window())).value.find((found) => found.activityName === "Before");
  const [first, kept] = [await before(runId), await before(again.runId)];
  assert.deepEqual([kept.status, kept.activityRunStart], ["Succeeded", first.activityRunStart]);
  await client.pipelines.delete(group, factory, "fragile");
}

async function removal() {
  for (const name of ["daily", "hourly"]) await client.triggers.delete(group, factory, name);
  for (const name of ["parent", "sleep", "greet"]) await client.pipelines.delete(group, factory, name);
  await client.datasets.delete(group, factory, "blob");
  await client.linkedServices.delete(group, factory, "storage");
  await client.linkedServices.delete(group, factory, "storage");
  await client.integrationRuntimes.delete(group, factory, "host");
  await client.globalParameters.delete(group, factory, "default");
  await client.factories.delete(group, factory);
  await refused(404, "ResourceNotFound", () => client.factories.get(group, factory));
}

(async () => {
  for (const step of [factories, definitions, triggers, runs, removal]) {
    await step();
    console.log(`${step.name} passed`);
  }
})().catch((error) => {
  console.error(error);
  process.exit(1);
});
