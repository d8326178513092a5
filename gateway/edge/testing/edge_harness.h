#ifndef KITH_GATEWAY_EDGE_TESTING_EDGE_HARNESS_H_
#define KITH_GATEWAY_EDGE_TESTING_EDGE_HARNESS_H_

#include <grpcpp/server.h>

#include <memory>
#include <string>

#include "common/auth/key_limiter.h"
#include "common/rpc/decoding_service.h"
#include "common/testing/test_keys.h"
#include "gateway/edge/edge.h"
#include "gateway/edge/testing/adder_service.h"
#include "gateway/edge/testing/library_service.h"
#include "gateway/edge/testing/raw_client.h"

namespace kith::edge {

// The Library behind an edge, in this process.
class EdgeHarness {
 public:
  explicit EdgeHarness(EdgeOptions options = {},
                       config::v1::CallLimits key_limits = {});
  ~EdgeHarness();

  Edge& edge() { return *edge_; }
  // Ends the edge early.
  void DestroyEdge() { edge_ = nullptr; }
  LibraryService& library() { return library_; }
  const std::string& address() const { return edge_->address(); }

  // Sends a request on a connection of its own. `request` is "POST /path" and
  // headers, each with its CRLF; Host, the demo key's Authorization and, where
  // there is a body, Content-Length are added.
  RawReply Call(const std::string& request, const std::string& body = "") const;

  // The bytes of such a request.
  static std::string Bytes(const std::string& request, const std::string& body,
                           testing::TestKey key = testing::kDemo);

 private:
  auth::KeyLimiter limiter_;
  LibraryService library_;
  AdderService adder_;
  rpc::DecodingService decoding_;
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<Edge> edge_;
};

}  // namespace kith::edge

#endif  // KITH_GATEWAY_EDGE_TESTING_EDGE_HARNESS_H_
