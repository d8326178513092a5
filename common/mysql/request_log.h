#ifndef KITH_COMMON_MYSQL_REQUEST_LOG_H_
#define KITH_COMMON_MYSQL_REQUEST_LOG_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/base/sha256.h"
#include "common/mysql/session.h"
#include "common/mysql/tx.h"

namespace kith::mysql {

// A request as a row of the table `requests`, by which a repeat of the request
// is recognised and has no second effect.
struct IdempotencyKey {
  std::string request_id;
  // The short name of the method, such as "MergeContacts".
  std::string method;
  // SHA-256 of the request; see RequestFingerprint.
  std::string fingerprint;
};

// How long a request_id is remembered.
constexpr absl::Duration kRequestLifetime = absl::Hours(48);

// Returns the caller's request_id, or a new random one if `given` is empty.
// With the random one, a transaction that runs again because its COMMIT was in
// doubt recognises its own earlier run. A random one has a '=', which is not
// allowed in a caller's request_id.
std::string RequestIdOrOwn(absl::string_view given, absl::Time now);

// Returns the SHA-256 by which a retry of this request is recognised: the
// fingerprint of the request that a flow of the gateway forwards, else that of
// this request.
template <typename Message>
std::string RequestFingerprint(const Message& request) {
  if constexpr (requires { request.forwarded(); }) {
    if (!request.forwarded().fingerprint().empty()) {
      return request.forwarded().fingerprint();
    }
  }
  return base::Fingerprint(request);
}

// Returns the idempotency key of a request message with a request_id, or with a
// new one if that is empty. The name of the method is the name of the message
// without "Request".
template <typename Message>
IdempotencyKey KeyOf(const Tx& tx, const Message& request) {
  return {.request_id = RequestIdOrOwn(request.request_id(), tx.now),
          .method = std::string(
              absl::StripSuffix(Message::descriptor()->name(), "Request")),
          .fingerprint = RequestFingerprint(request)};
}

// Returns the result (the ids) of an earlier request with the same request_id,
// or nullopt if there is none or request_id is empty. INVALID_ARGUMENT if the
// request_id was used for another method or another content. Only reads.
absl::StatusOr<std::optional<std::string>> FindRequest(
    const Tx& tx, const IdempotencyKey& request);

// What is stored of a request.
struct LoggedRequest {
  std::string method;
  std::string fingerprint;
  std::string result;
};

// Returns the requests of a tenant that have one of these ids, by request_id.
// For a batch, which would take a statement for each request with FindRequest.
// Only reads.
absl::StatusOr<absl::flat_hash_map<std::string, LoggedRequest>> FindRequests(
    const Tx& tx, absl::Span<const absl::string_view> request_ids);

// Returns the INVALID_ARGUMENT of a request whose request_id was used for
// another method or another content.
absl::Status RequestIdUsedError();

// Like FindRequest, for a call that can do nothing but repeat: NOT_FOUND
// (NothingToRepeatError) if there is no earlier request.
absl::StatusOr<std::string> FindRepeated(const Tx& tx,
                                         const IdempotencyKey& request);

// Returns the NOT_FOUND of a request that does not name its contact, if no
// earlier request with its request_id did anything that could be repeated.
absl::Status NothingToRepeatError();

// Records the request and its result. Call it in the transaction of the
// request's effect. Does nothing if request_id is empty. ABORTED if another
// copy of the request was faster: Transact then runs the transaction again, and
// FindRequest finds the other copy.
absl::Status AddRequest(const Tx& tx, const IdempotencyKey& request,
                        absl::string_view result);

// The most requests that one SweepRequests deletes.
inline constexpr int64_t kRequestsSwept = 500;

// Deletes at most kRequestsSwept requests that are older than kRequestLifetime.
// Returns the number of deleted requests.
absl::StatusOr<int64_t> SweepRequests(Session& session, absl::Time now);

}  // namespace kith::mysql

#endif  // KITH_COMMON_MYSQL_REQUEST_LOG_H_
