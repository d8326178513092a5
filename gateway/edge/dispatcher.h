#ifndef KITH_GATEWAY_EDGE_DISPATCHER_H_
#define KITH_GATEWAY_EDGE_DISPATCHER_H_

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "common/auth/live_keys.h"
#include "gateway/edge/codecs/cors.h"
#include "gateway/edge/codecs/target.h"
#include "gateway/edge/http/exchange.h"
#include "gateway/edge/http_metrics.h"
#include "gateway/edge/pages/guest_pages.h"
#include "gateway/edge/pages/pages.h"
#include "gateway/edge/protocols/rpc_call.h"
#include "gateway/edge/session/sessions.h"
#include "gateway/edge/upstreams/upstream_api.h"

namespace kith::edge {

// Answers each HTTP request, whatever its protocol: finds the protocol, has the
// call made, and adds to the reply what holds for all of them - trace, CORS,
// metrics, a line in the log. Thread-safe.
class Dispatcher final : public Handler {
 public:
  // `apis` are those of this process and then others; no two of them take the
  // same requests. Pages of `origins` may call. `pages` go before the routes.
  // So do `guests`.
  // There are no sessions if `sessions` is null. Large bodies are read of
  // callers alone that `keys` knows, if there are any, and of guests with a
  // link.
  Dispatcher(std::vector<std::unique_ptr<UpstreamApi>> apis, Pages pages,
             const std::vector<std::string>& origins,
             std::shared_ptr<const Sessions> sessions,
             std::shared_ptr<const auth::LiveKeys> keys,
             std::vector<const GuestPages*> guests);

  std::shared_ptr<Exchange> Start(Request request, Done done) override;

  // Refuses who has no valid credential, and is no guest either.
  std::optional<Reply> RefuseEarly(const RequestHead& head) override;

  size_t MostBodyBytes(const RequestHead& head) override;

  Reply RefusalReply(const RequestHead* head, const Refusal& refusal) override;

 private:
  // A request that is being answered; see the .cc file.
  struct Visit;

  // Turns the cookie of a request into its authorization. Returns the reply if
  // the request is about the session itself, or may not use it.
  std::optional<Reply> EnterSession(RequestHead& head, Visit& visit) const;

  // The path of a guest, and whose page it is.
  struct GuestPath {
    const GuestPages* pages = nullptr;
    std::string path = {};
  };

  // Returns the path of a request if it is one of a guest.
  std::optional<GuestPath> FindGuest(const RequestHead& head) const;

  // Reads a request in its protocol, which it notes in `visit`.
  Reading Read(const Request& request, Visit& visit) const;
  Reading ReadRest(const Request& request, const Target& target,
                   Visit& visit) const;

  // Returns the API that has the service of a path, or null.
  UpstreamApi* FindRpc(absl::string_view path) const;

  Reply ErrorReply(const RequestHead* head, const absl::Status& error,
                   int http_status) const;

  // Has the API's gate let the call in, if it has one.
  absl::Status Admit(const RpcCall& call, Visit& visit) const;

  // Makes a call whose responses are sent as they come.
  std::shared_ptr<Exchange> StartStream(const RpcCall& call,
                                        const std::shared_ptr<Visit>& visit,
                                        Done done);

  // Adds to a reply what all have, and notes that it was given; of a stream,
  // that is at its end.
  Reply Complete(Visit& visit, Reply reply);
  void Note(Visit& visit, int status);

  const std::vector<std::unique_ptr<UpstreamApi>> apis_;
  const Pages pages_;
  const Cors cors_;
  const std::shared_ptr<const Sessions> sessions_;
  const std::shared_ptr<const auth::LiveKeys> keys_;
  const std::vector<const GuestPages*> guests_;
  HttpMetrics metrics_;
};

}  // namespace kith::edge

#endif  // KITH_GATEWAY_EDGE_DISPATCHER_H_
