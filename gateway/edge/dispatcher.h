#ifndef KITH_GATEWAY_EDGE_DISPATCHER_H_
#define KITH_GATEWAY_EDGE_DISPATCHER_H_

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "gateway/edge/codecs/cors.h"
#include "gateway/edge/codecs/json_codec.h"
#include "gateway/edge/http/exchange.h"
#include "gateway/edge/http_metrics.h"
#include "gateway/edge/protocols/connect_unary.h"
#include "gateway/edge/protocols/rest.h"
#include "gateway/edge/routes/routes.h"
#include "gateway/edge/upstream.h"

namespace kith::edge {

// Answers each HTTP request, whatever its protocol: finds the protocol, has the
// call made, and adds to the reply what holds for all of them - trace, CORS,
// metrics, a line in the log. Thread-safe.
class Dispatcher final : public Handler {
 public:
  // A message has at most `message_bytes`. Pages of `origins` may call. The
  // descriptors of the routes are those of this program.
  Dispatcher(Routes routes, const std::shared_ptr<grpc::Channel>& channel,
             const std::vector<std::string>& origins, size_t message_bytes);

  std::shared_ptr<Exchange> Start(Request request, Done done) override;

  Reply RefusalReply(const RequestHead* head, const Refusal& refusal) override;

 private:
  // A request that is being answered; see the .cc file.
  struct Visit;

  // Reads a request in its protocol, which it notes in `visit`.
  Reading Read(const Request& request, Visit& visit) const;

  // Adds to a reply what all have, and notes that it was given.
  Reply Complete(const Visit& visit, Reply reply);

  const Routes routes_;
  const JsonCodec json_;
  const Cors cors_;
  const ConnectUnary connect_;
  const Rest rest_;
  Upstream upstream_;
  HttpMetrics metrics_;
};

}  // namespace kith::edge

#endif  // KITH_GATEWAY_EDGE_DISPATCHER_H_
