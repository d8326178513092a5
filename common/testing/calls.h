#ifndef KITH_COMMON_TESTING_CALLS_H_
#define KITH_COMMON_TESTING_CALLS_H_

#include <grpcpp/client_context.h>

#include "absl/status/statusor.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "common/rpc/grpc_status.h"
#include "common/testing/test_keys.h"

namespace kith::testing {

// Calls a method of a generated stub with a key, and waits for the response:
// Call(*stub, &v1::ContactsService::Stub::GetContact, request).
template <typename Stub, typename Request, typename Response>
absl::StatusOr<Response> Call(Stub& stub,
                              grpc::Status (Stub::*method)(grpc::ClientContext*,
                                                           const Request&,
                                                           Response*),
                              const Request& request, TestKey key = kDemo,
                              absl::Duration timeout = absl::Seconds(30)) {
  grpc::ClientContext call;
  call.AddMetadata("authorization", Authorization(key));
  call.set_deadline(absl::ToChronoTime(absl::Now() + timeout));
  Response response;
  const grpc::Status status = (stub.*method)(&call, request, &response);
  if (!status.ok()) return rpc::FromGrpc(status);
  return response;
}

}  // namespace kith::testing

#endif  // KITH_COMMON_TESTING_CALLS_H_
