#ifndef KITH_GATEWAY_LINKS_UNSUBSCRIBE_PAGES_H_
#define KITH_GATEWAY_LINKS_UNSUBSCRIBE_PAGES_H_

#include <cstddef>
#include <memory>

#include "absl/strings/string_view.h"
#include "common/auth/live_keys.h"
#include "common/base/request_context.h"
#include "gateway/calls/acting_calls.h"
#include "gateway/calls/backends.h"
#include "gateway/edge/http/exchange.h"
#include "gateway/edge/pages/guest_pages.h"
#include "gateway/links/unsubscribe_links.h"

namespace kith::gateway {

// The pages behind the links of unsubscription (RFC 8058), and what a mail
// program posts there without one. Thread-safe.
//
// - GET and HEAD show a page with a button, and have no effect: mail filters
//   open the links of e-mails.
// - POST with List-Unsubscribe=One-Click refuses, with no cookie and no
//   redirect. A repeat is answered the same. 503 if it could not be recorded.
// - A token that is not of a link of ours is 404, whatever is wrong with it.
class UnsubscribePages final : public edge::GuestPages {
 public:
  // `backends` must outlive the pages.
  UnsubscribePages(std::shared_ptr<const UnsubscribeLinks> links,
                   const Backends& backends,
                   std::shared_ptr<const auth::LiveKeys> keys);

  absl::string_view RouteOf(absl::string_view path) const override;

  // Mail programs may post in chunks.
  bool TakesBody(absl::string_view path) const override;

  // What mail programs post is short.
  size_t MostBodyBytes(absl::string_view path) const override;

  std::shared_ptr<edge::Exchange> Answer(
      const edge::Request& request, absl::string_view path,
      base::RequestContext trace, edge::Handler::Done done) const override;

 private:
  const std::shared_ptr<const UnsubscribeLinks> links_;
  const Backends& backends_;
  const ActingCalls acting_;
};

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_LINKS_UNSUBSCRIBE_PAGES_H_
