// reference_server.js GRPC_ADDRESS: the server of connect-node, which answers what
// the gateway answers over gRPC. Prints its port; ends with its input.

import { createServer } from "node:http";
import { ConnectError, createClient } from "@connectrpc/connect";
import { compressionGzip, connectNodeAdapter } from "@connectrpc/connect-node";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { GatewayService } from "./gen/kith/gateway/v1/gateway_service_pb.js";

const client = createClient(
  GatewayService,
  createGrpcTransport({ baseUrl: `http://${process.argv[2]}` }),
);

function optionsOf(context) {
  const authorization = context.requestHeader.get("authorization");
  return {
    headers: authorization === null ? {} : { authorization },
    signal: context.signal,
  };
}

// Without the metadata, which are those of the call behind.
function own(error) {
  const { rawMessage, code, details } = ConnectError.from(error);
  const fresh = new ConnectError(rawMessage, code);
  fresh.details = details;
  return fresh;
}

function handlerOf(method) {
  const call = client[method.localName];
  if (method.methodKind === "unary") {
    return async (request, context) => {
      try {
        return await call(request, optionsOf(context));
      } catch (error) {
        throw own(error);
      }
    };
  }
  return async function* (request, context) {
    try {
      yield* call(request, optionsOf(context));
    } catch (error) {
      throw own(error);
    }
  };
}

const server = createServer(
  connectNodeAdapter({
    acceptCompression: [compressionGzip],
    readMaxBytes: 4 << 20,
    routes(router) {
      for (const method of GatewayService.methods) {
        router.rpc(method, handlerOf(method));
      }
    },
  }),
);
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
process.stdin.resume();
process.stdin.on("end", () => process.exit(0));
