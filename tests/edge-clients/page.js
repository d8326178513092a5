// What the page in the browser runs. Bundled by esbuild.

import { runCases } from "./cases.js";
import { webCallers } from "./connect_caller.js";
import { grpcWebCaller } from "./grpc_web_caller.js";

function callers(baseUrl) {
  return {
    ...webCallers(baseUrl),
    "grpc-web text": () => grpcWebCaller(baseUrl, "text"),
    "grpc-web binary": () => grpcWebCaller(baseUrl, "binary"),
  };
}

globalThis.kinds = () => Object.keys(callers(""));
globalThis.run = (kind, plan) =>
  runCases(callers(`http://${plan.http}`)[kind](), plan);
