// Calls by the clients of connect-es, over any of its transports.

import { ConnectError, createClient } from "@connectrpc/connect";
import { createConnectTransport, createGrpcWebTransport } from "@connectrpc/connect-web";
import { base64Encode } from "@bufbuild/protobuf/wire";
import { GatewayService } from "./gen/kith/gateway/v1/gateway_service_pb.js";

export function connectCaller(transport) {
  const client = createClient(GatewayService, transport);
  return {
    unary: (method, request, { token, timeoutMs }) =>
      client[method.localName](request, { headers: headersOf(token), timeoutMs }),
    watch: (request, { token, signal }) =>
      client.watchCustomer(request, { headers: headersOf(token), signal }),
    errorOf(error) {
      const { code, rawMessage, details } = ConnectError.from(error);
      return {
        code,
        message: rawMessage,
        details: details.map(({ type, value }) => ({
          type,
          value: base64Encode(value),
        })),
      };
    },
  };
}

function headersOf(token) {
  return token === undefined ? {} : { authorization: `Bearer ${token}` };
}

// The clients that run in node and in a browser, by name.
export function webCallers(baseUrl) {
  const by = (create, options) => () => connectCaller(create({ baseUrl, ...options }));
  return {
    "connect-web json": by(createConnectTransport, {}),
    "connect-web binary": by(createConnectTransport, { useBinaryFormat: true }),
    "connect-web get": by(createConnectTransport, { useHttpGet: true }),
    "connect-web grpc-web": by(createGrpcWebTransport, {}),
    "connect-web grpc-web json": by(createGrpcWebTransport, {
      useBinaryFormat: false,
    }),
  };
}
