#ifndef KITH_COMMON_MYSQL_REQUEST_LOG_H_
#define KITH_COMMON_MYSQL_REQUEST_LOG_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/sha256.h"
#include "common/mysql/session.h"

namespace kith::mysql {

// A request as the `requests` table knows it: so that a repeat of it has no
// second effect.
struct Request {
  uint64_t tenant_id;
  absl::string_view request_id;
  absl::string_view method;
  // SHA-256 of what was asked.
  absl::string_view fingerprint;
};

// How long a request_id is remembered.
constexpr absl::Duration kRequestLifetime = absl::Hours(48);

// The caller's request_id; where that is empty one of our own, by which a
// request whose COMMIT was in doubt still knows itself again. It has a '=',
// which a caller's cannot.
std::string RequestIdOrOwn(absl::string_view given, absl::Time now);

// By what a repeat of the request is known: the SHA-256 that a flow passes on
// of the request that it was given, else that of this one.
template <typename Message>
std::string RequestFingerprint(const Message& request) {
  return request.request_fingerprint().empty() ? base::Fingerprint(request)
                                               : request.request_fingerprint();
}

// What the request answered when it was carried out before: the ids of its
// result. Nullopt where it was not, or where request_id is empty.
// INVALID_ARGUMENT where the request_id was used for another request.
absl::StatusOr<std::optional<std::string>> FindRequest(Session& session,
                                                       const Request& request);

// The same for a call that asks for nothing else; fails with NothingToRepeat
// where it was not carried out before.
absl::StatusOr<std::string> FindRepeated(Session& session,
                                         const Request& request);

// NOT_FOUND: what was to be done cannot be, without who is meant, and nothing
// was done before.
absl::Status NothingToRepeat();

// Notes that the request was carried out, within the transaction of its
// effect. Nothing where request_id is empty. ABORTED where another copy of it
// was faster: Transact runs the transaction again, and FindRequest then finds
// the other.
absl::Status AddRequest(Session& session, const Request& request,
                        absl::string_view result, absl::Time now);

// Deletes at most 500 requests that are past their lifetime; answers how many.
absl::StatusOr<int64_t> SweepRequests(Session& session, absl::Time now);

}  // namespace kith::mysql

#endif  // KITH_COMMON_MYSQL_REQUEST_LOG_H_
