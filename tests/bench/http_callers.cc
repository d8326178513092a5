#include "tests/bench/http_callers.h"

#include <algorithm>
#include <utility>

#include "common/status/status_macros.h"

namespace kith::bench {

HttpCallers::HttpCallers(HttpCallersOptions options)
    : options_(std::move(options)) {}

absl::StatusOr<std::unique_ptr<HttpCallers>> HttpCallers::Open(
    HttpCallersOptions options, int count) {
  std::unique_ptr<HttpCallers> callers(new HttpCallers(std::move(options)));
  for (int i = 0; i < count; ++i) {
    Caller& caller = callers->callers_.emplace_back();
    caller.random.seed(i);
    KITH_ASSIGN_OR_RETURN(caller.connection,
                          HttpConnection::Open(callers->options_.address));
  }
  return callers;
}

Load HttpCallers::Run(absl::Duration duration) {
  return RunThreads(static_cast<int>(callers_.size()), duration,
                    [this](int caller) { return Call(callers_[caller]); });
}

double HttpCallers::BodyBytes() const {
  int64_t replies = 0;
  int64_t bytes = 0;
  for (const Caller& caller : callers_) {
    replies += caller.replies;
    bytes += caller.bytes;
  }
  return static_cast<double>(bytes) /
         static_cast<double>(std::max<int64_t>(1, replies));
}

absl::Status HttpCallers::Call(Caller& caller) const {
  KITH_ASSIGN_OR_RETURN(const absl::string_view body,
                        caller.connection->Call(options_.view.request(
                            options_.draw(caller.random), options_.token)));
  caller.bytes += static_cast<int64_t>(body.size());
  if (caller.replies++ % options_.check_every != 0) return absl::OkStatus();
  return options_.view.check(body);
}

}  // namespace kith::bench
