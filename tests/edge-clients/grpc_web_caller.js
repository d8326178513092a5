// Calls by the official runtime of gRPC-Web, which runs in browsers alone.

import { GrpcWebClientBase, MethodDescriptor, MethodType } from "grpc-web";
import { fromBinary, toBinary } from "@bufbuild/protobuf";
import { base64Decode } from "@bufbuild/protobuf/wire";
import { GatewayService } from "./gen/kith/gateway/v1/gateway_service_pb.js";
import { detailsOf } from "./status_details.js";

// `format` is "text" or "binary". Streams need text: with binary, the runtime
// hands nothing over before the end.
export function grpcWebCaller(baseUrl, format) {
  const client = new GrpcWebClientBase({ format });
  const path = (method) => `${baseUrl}/${method.parent.typeName}/${method.name}`;
  return {
    unary: (method, request, { token, timeoutMs }) =>
      client.unaryCall(
        path(method),
        request,
        metadataOf(token, timeoutMs),
        descriptorOf(method, MethodType.UNARY),
      ),
    watch:
      format === "binary"
        ? null
        : (request, { token, signal }) => {
            const method = GatewayService.method.watchCustomer;
            const call = client.serverStreaming(
              path(method),
              request,
              metadataOf(token),
              descriptorOf(method, MethodType.SERVER_STREAMING),
            );
            signal?.addEventListener("abort", () => call.cancel());
            return messagesOf(call);
          },
    errorOf: ({ code, message, metadata }) => {
      const details = metadata?.["grpc-status-details-bin"];
      return {
        code,
        message,
        details: detailsOf(details && base64Decode(details)),
      };
    },
  };
}

function metadataOf(token, timeoutMs) {
  return {
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    ...(timeoutMs === undefined ? {} : { deadline: `${Date.now() + timeoutMs}` }),
  };
}

function descriptorOf(method, kind) {
  return new MethodDescriptor(
    `/${method.parent.typeName}/${method.name}`,
    kind,
    Object,
    Object,
    (message) => toBinary(method.input, message),
    (bytes) => fromBinary(method.output, bytes),
  );
}

// What the events of a stream tell, in their order.
async function* messagesOf(call) {
  const events = [];
  let wake = () => {};
  const on = (kind) =>
    call.on(kind, (value) => {
      events.push([kind, value]);
      wake();
    });
  ["data", "error", "end"].forEach(on);
  while (true) {
    while (events.length === 0) await new Promise((resolve) => (wake = resolve));
    const [kind, value] = events.shift();
    if (kind === "end") return;
    if (kind === "error") throw value;
    yield value;
  }
}
