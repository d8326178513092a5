// Calls by @grpc/grpc-js, with the messages of @grpc/proto-loader.

import { readFileSync } from "node:fs";
import grpc from "@grpc/grpc-js";
import protoLoader from "@grpc/proto-loader";
import { fromBinary, toBinary } from "@bufbuild/protobuf";
import { GatewayService } from "./gen/kith/gateway/v1/gateway_service_pb.js";
import { detailsOf } from "./status_details.js";

// `protoset` is the path of a FileDescriptorSet.
export function grpcJsCaller(address, protoset) {
  const definition = protoLoader.loadFileDescriptorSetFromBuffer(
    readFileSync(protoset),
    { longs: String },
  );
  const Service = grpc.loadPackageDefinition(definition).kith.gateway.v1.GatewayService;
  const client = new Service(address, grpc.credentials.createInsecure());
  const own = (method) => Service.service[method.name];
  const theirs = (method, request) =>
    own(method).requestDeserialize(Buffer.from(toBinary(method.input, request)));
  const ours = (method, response) =>
    fromBinary(method.output, own(method).responseSerialize(response));
  return {
    unary: (method, request, { token, timeoutMs }) =>
      new Promise((resolve, reject) => {
        client[method.name](
          theirs(method, request),
          metadataOf(token),
          timeoutMs === undefined ? {} : { deadline: Date.now() + timeoutMs },
          (error, response) =>
            error ? reject(error) : resolve(ours(method, response)),
        );
      }),
    async *watch(request, { token, signal }) {
      const method = GatewayService.method.watchCustomer;
      const call = client[method.name](theirs(method, request), metadataOf(token));
      signal?.addEventListener("abort", () => call.cancel());
      // Being cancelled is an error, also where nobody reads on.
      call.on("error", () => {});
      for await (const response of call) yield ours(method, response);
    },
    errorOf: ({ code, details, metadata }) => ({
      code,
      message: details,
      details: detailsOf(metadata?.get("grpc-status-details-bin")[0]),
    }),
  };
}

function metadataOf(token) {
  const metadata = new grpc.Metadata();
  if (token !== undefined) metadata.set("authorization", `Bearer ${token}`);
  return metadata;
}
