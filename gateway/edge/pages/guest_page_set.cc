#include "gateway/edge/pages/guest_page_set.h"

#include "absl/algorithm/container.h"

namespace kith::edge {

const GuestPages* GuestPageSet::Find(absl::string_view path) const {
  const auto found = absl::c_find_if(all_, [&](const GuestPages* pages) {
    return !pages->RouteOf(path).empty();
  });
  return found == all_.end() ? nullptr : *found;
}

absl::string_view GuestPageSet::RouteOf(absl::string_view path) const {
  const GuestPages* const pages = Find(path);
  return pages == nullptr ? "" : pages->RouteOf(path);
}

bool GuestPageSet::TakesBody(absl::string_view path) const {
  const GuestPages* const pages = Find(path);
  return pages != nullptr && pages->TakesBody(path);
}

std::shared_ptr<Exchange> GuestPageSet::Answer(const Request& request,
                                               absl::string_view path,
                                               base::RequestContext trace,
                                               Handler::Done done) const {
  return Find(path)->Answer(request, path, std::move(trace), std::move(done));
}

}  // namespace kith::edge
