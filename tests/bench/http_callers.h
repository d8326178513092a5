#ifndef KITH_TESTS_BENCH_HTTP_CALLERS_H_
#define KITH_TESTS_BENCH_HTTP_CALLERS_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "tests/bench/http_connection.h"
#include "tests/bench/http_views.h"
#include "tests/bench/load.h"
#include "tests/bench/zipf.h"

namespace kith::bench {

struct HttpCallersOptions {
  // Where the server listens for HTTP: "127.0.0.1:8080".
  std::string address;
  std::string token;
  HttpView view;
  // Draws the customer of a view.
  std::function<std::string(Random& random)> draw;
  // Each caller looks into one of so many of its replies.
  int check_every = 1;
};

// Callers who ask for views over HTTP, each with a connection and a thread.
class HttpCallers {
 public:
  // UNAVAILABLE if the server cannot be reached.
  static absl::StatusOr<std::unique_ptr<HttpCallers>> Open(
      HttpCallersOptions options, int count);

  Load Run(absl::Duration duration);

  // The mean size of the bodies of all replies.
  double BodyBytes() const;

 private:
  struct Caller {
    std::unique_ptr<HttpConnection> connection;
    Random random;
    int64_t replies = 0;
    int64_t bytes = 0;
  };

  explicit HttpCallers(HttpCallersOptions options);

  absl::Status Call(Caller& caller) const;

  const HttpCallersOptions options_;
  std::vector<Caller> callers_;
};

}  // namespace kith::bench

#endif  // KITH_TESTS_BENCH_HTTP_CALLERS_H_
