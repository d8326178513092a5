// node_clients.js < PLAN: makes the calls of a plan by each client that runs in
// node, or by that which the plan names alone, one client after the other, and
// prints what came of them as JSON.

import { subscribe } from "node:diagnostics_channel";
import { readFileSync } from "node:fs";
import { compressionGzip, createConnectTransport } from "@connectrpc/connect-node";
import { createGrpcTransport, createGrpcWebTransport } from "@connectrpc/connect-node";
import { runCases } from "./cases.js";
import { connectCaller, webCallers } from "./connect_caller.js";
import { grpcJsCaller } from "./grpc_js_caller.js";
import { nobodyWatches } from "./watchers.js";

const plan = JSON.parse(readFileSync(0, "utf8"));
const baseUrl = `http://${plan.http}`;
const GZIP = { sendCompression: compressionGzip, compressMinBytes: 0 };

function by(create, options) {
  return () =>
    connectCaller(create({ baseUrl, httpVersion: "1.1", ...options }));
}

const CALLERS = {
  "connect-node json": by(createConnectTransport, { useBinaryFormat: false }),
  "connect-node binary": by(createConnectTransport, {}),
  "connect-node gzip": by(createConnectTransport, GZIP),
  "connect-node get": by(createConnectTransport, { useHttpGet: true }),
  "connect-node get gzip": by(createConnectTransport, { useHttpGet: true, ...GZIP }),
  "connect-node grpc-web": by(createGrpcWebTransport, {}),
  "connect-node grpc-web gzip": by(createGrpcWebTransport, GZIP),
  "connect-node grpc-web json": by(createGrpcWebTransport, {
    useBinaryFormat: false,
  }),
  "connect-node grpc": by(createGrpcTransport, {
    baseUrl: `http://${plan.grpc}`,
    httpVersion: "2",
  }),
  "grpc-js": () => grpcJsCaller(plan.grpc, plan.protoset),
  ...webCallers(baseUrl),
};

// The methods of HTTP/1.1 that a client has used.
const used = new Set();
const note = ({ request }) => used.add(request.method);
subscribe("http.client.request.start", note);
subscribe("undici:request:create", note);

const outcomes = {};
for (const [kind, make] of Object.entries(CALLERS)) {
  if (plan.only !== undefined && kind !== plan.only) continue;
  used.clear();
  outcomes[kind] = await runCases(make(), plan);
  outcomes[kind].used = [...used].sort();
  if (plan.cases.includes("watch")) {
    outcomes[kind].left = await nobodyWatches(plan.ops);
  }
}
process.stdout.write(JSON.stringify(outcomes), () => process.exit(0));
