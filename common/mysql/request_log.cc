#include "common/mysql/request_log.h"

#include "absl/strings/str_cat.h"
#include "common/base/uuid.h"
#include "common/mysql/errors.h"
#include "common/mysql/lists.h"
#include "common/mysql/statement.h"
#include "common/status/status_macros.h"

namespace kith::mysql {
namespace {

const Statement kSelectRequest(
    "SELECT method, fingerprint, result FROM requests "
    "WHERE tenant_id = ? AND request_id = ?");

const Statement kSelectRequests(
    "SELECT request_id, method, fingerprint, result FROM requests "
    "WHERE tenant_id = ? AND request_id IN (:list)");

const Statement kInsertRequest(
    "INSERT INTO requests "
    "(tenant_id, request_id, method, fingerprint, result, create_micros) "
    "VALUES (?, ?, ?, ?, ?, ?)");

const Statement kSweepRequests(  // LIMIT is kRequestsSwept
    "DELETE FROM requests WHERE create_micros < ? "
    "ORDER BY create_micros LIMIT 500",
    Mark::kMaintenance);

}  // namespace

std::string RequestIdOrOwn(absl::string_view given, absl::Time now) {
  return given.empty() ? absl::StrCat("own=", base::Uuid::Make(now).ToString())
                       : std::string(given);
}

absl::StatusOr<std::optional<std::string>> FindRequest(
    const Tx& tx, const IdempotencyKey& request) {
  std::optional<std::string> result;
  if (request.request_id.empty()) return result;
  bool same = true;
  KITH_RETURN_IF_ERROR(
      tx.session.Query(kSelectRequest, {tx.tenant_id(), request.request_id},
                       [&](const Row& row) {
                         same = row.Bytes(0) == request.method &&
                                row.Bytes(1) == request.fingerprint;
                         result = row.Bytes(2);
                       }));
  if (!same) return RequestIdUsedError();
  return result;
}

absl::StatusOr<absl::flat_hash_map<std::string, LoggedRequest>> FindRequests(
    const Tx& tx, absl::Span<const absl::string_view> request_ids) {
  absl::flat_hash_map<std::string, LoggedRequest> requests;
  KITH_RETURN_IF_ERROR(
      QueryListed(tx.session, kSelectRequests, {tx.tenant_id()}, request_ids,
                  [&](const Row& row) {
                    requests[row.Bytes(0)] = {.method = row.Bytes(1),
                                              .fingerprint = row.Bytes(2),
                                              .result = row.Bytes(3)};
                  }));
  return requests;
}

absl::Status RequestIdUsedError() {
  return absl::InvalidArgumentError(
      "request_id: used before for a request with another content; want a "
      "new one for each request, and the same only to repeat it");
}

absl::StatusOr<std::string> FindRepeated(const Tx& tx,
                                         const IdempotencyKey& request) {
  KITH_ASSIGN_OR_RETURN(std::optional<std::string> known,
                        FindRequest(tx, request));
  if (known.has_value()) return *std::move(known);
  return NothingToRepeatError();
}

absl::Status NothingToRepeatError() {
  return absl::NotFoundError(
      "request_id: nothing was done by it, want the contact that is meant");
}

absl::Status AddRequest(const Tx& tx, const IdempotencyKey& request,
                        absl::string_view result) {
  if (request.request_id.empty()) return absl::OkStatus();
  return RetryIfDuplicate(
      tx.session
          .Execute(kInsertRequest,
                   {tx.tenant_id(), request.request_id, request.method,
                    request.fingerprint, result, absl::ToUnixMicros(tx.now)})
          .status());
}

absl::StatusOr<int64_t> SweepRequests(Session& session, absl::Time now) {
  return session.Execute(kSweepRequests,
                         {absl::ToUnixMicros(now - kRequestLifetime)});
}

}  // namespace kith::mysql
