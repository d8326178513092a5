#ifndef KITH_GATEWAY_EDGE_HTTP_SERVER_TLS_H_
#define KITH_GATEWAY_EDGE_HTTP_SERVER_TLS_H_

#include <boost/asio/ssl/context.hpp>
#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace kith::edge {

// The certificate of a server for TLS 1.2 and 1.3, as its files have it now.
// Thread-safe.
class ServerTls {
 public:
  // Reads PEM files: the certificate, followed by those between it and its
  // authority, and its key. NOT_FOUND or the like if one cannot be read,
  // INVALID_ARGUMENT if they are no such pair. From then on, the metrics say
  // when the certificate ends.
  static absl::StatusOr<std::unique_ptr<ServerTls>> Load(
      const std::string& certificate_file, const std::string& key_file);

  // Returns what a new connection takes. Reads the files again if they have
  // changed; looks at most once a second. If they are wrong then, the last good
  // pair stays, and the log says so once.
  std::shared_ptr<boost::asio::ssl::context> context();

 private:
  ServerTls(std::string certificate_file, std::string key_file)
      : certificate_file_(std::move(certificate_file)),
        key_file_(std::move(key_file)) {}

  // Reads the files. OK as well if they are as they were.
  absl::Status Refresh() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const std::string certificate_file_;
  const std::string key_file_;
  absl::Mutex mutex_;
  absl::Time looked_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
  // Content of both files when they were last read, good or not.
  std::string seen_ ABSL_GUARDED_BY(mutex_);
  std::shared_ptr<boost::asio::ssl::context> context_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace kith::edge

#endif  // KITH_GATEWAY_EDGE_HTTP_SERVER_TLS_H_
