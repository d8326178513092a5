#ifndef KITH_GATEWAY_EDGE_PAGES_GUEST_PAGE_SET_H_
#define KITH_GATEWAY_EDGE_PAGES_GUEST_PAGE_SET_H_

#include <memory>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "common/base/request_context.h"
#include "gateway/edge/http/exchange.h"
#include "gateway/edge/pages/guest_pages.h"

namespace kith::edge {

// Several kinds of guest pages as one: the first that has a path answers.
// Thread-safe.
class GuestPageSet final : public GuestPages {
 public:
  // The pages must outlive the set.
  explicit GuestPageSet(std::vector<const GuestPages*> all)
      : all_(std::move(all)) {}

  absl::string_view RouteOf(absl::string_view path) const override;
  bool TakesBody(absl::string_view path) const override;
  std::shared_ptr<Exchange> Answer(const Request& request,
                                   absl::string_view path,
                                   base::RequestContext trace,
                                   Handler::Done done) const override;

 private:
  // The pages that have the path, or null.
  const GuestPages* Find(absl::string_view path) const;

  const std::vector<const GuestPages*> all_;
};

}  // namespace kith::edge

#endif  // KITH_GATEWAY_EDGE_PAGES_GUEST_PAGE_SET_H_
