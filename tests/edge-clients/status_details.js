// The details of an error as gRPC sends them: a google.rpc.Status in metadata.

import { fromBinary } from "@bufbuild/protobuf";
import { base64Encode } from "@bufbuild/protobuf/wire";
import { StatusSchema } from "./gen/google/rpc/status_pb.js";

// `bytes` is undefined if there is none.
export function detailsOf(bytes) {
  if (bytes === undefined) return [];
  return fromBinary(StatusSchema, bytes).details.map(({ typeUrl, value }) => ({
    type: typeUrl.slice(typeUrl.lastIndexOf("/") + 1),
    value: base64Encode(value),
  }));
}
