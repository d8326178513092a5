#ifndef KITH_TESTS_BENCH_HTTP_VIEWS_H_
#define KITH_TESTS_BENCH_HTTP_VIEWS_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace kith::bench {

// The scenario view_by_id in one protocol of the gateway's HTTP port.
struct HttpView {
  // In words: "Connect JSON".
  std::string title;

  // Returns the bytes of a request.
  std::string (*request)(const std::string& contact_id,
                         const std::string& token);

  // Tells whether a body is what was asked for.
  absl::Status (*check)(absl::string_view body);
};

// All protocols.
std::vector<HttpView> AllHttpViews();

// Returns the bytes of a request for WatchCustomer over REST, whose reply is
// NDJSON.
std::string WatchRequest(const std::string& contact_id,
                         const std::string& token);

}  // namespace kith::bench

#endif  // KITH_TESTS_BENCH_HTTP_VIEWS_H_
