#ifndef KITH_GATEWAY_EDGE_PAGES_GUEST_PAGES_H_
#define KITH_GATEWAY_EDGE_PAGES_GUEST_PAGES_H_

#include <cstddef>
#include <memory>

#include "absl/strings/string_view.h"
#include "common/base/request_context.h"
#include "gateway/edge/http/exchange.h"

namespace kith::edge {

// Pages for who has no credential of the gateway: people with a link that was
// sent to them, and systems with a signature of their own. They take no part in
// sessions and in CORS, and go before the routes. Thread-safe.
class GuestPages {
 public:
  virtual ~GuestPages() = default;

  // Returns the template of the path for metrics and the log, which must have
  // nothing of the link, such as "/u/{token}". Empty if there is no page under
  // the path.
  virtual absl::string_view RouteOf(absl::string_view path) const = 0;

  // Returns true if a body that is large, or whose length the request does not
  // say, is read for the path: its link is one of ours.
  virtual bool TakesBody(absl::string_view path) const = 0;

  // Returns the most bytes of a body that are read for the path; more is 413.
  // The limit of all bodies holds beside it.
  virtual size_t MostBodyBytes(absl::string_view path) const = 0;

  // Answers a request to a path that has a route. `trace` has the trace, and
  // nothing else. `done` and the result are as of Handler::Start.
  virtual std::shared_ptr<Exchange> Answer(const Request& request,
                                           absl::string_view path,
                                           base::RequestContext trace,
                                           Handler::Done done) const = 0;
};

}  // namespace kith::edge

#endif  // KITH_GATEWAY_EDGE_PAGES_GUEST_PAGES_H_
