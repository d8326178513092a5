#include "common/mysql/lease.h"

#include "common/mysql/errors.h"
#include "common/mysql/statement.h"
#include "common/status/status_macros.h"

namespace kith::mysql {
namespace {

const Statement kSelectLease(
    "SELECT epoch, expires_micros FROM leases WHERE name = ?",
    Mark::kMaintenance);

const Statement kAddLease(
    "INSERT INTO leases (name, holder, epoch, expires_micros) "
    "VALUES (?, '', 0, 0)",
    Mark::kMaintenance);

const Statement kTakeLease(
    "UPDATE leases SET holder = ?, epoch = ?, expires_micros = ? "
    "WHERE name = ? AND epoch = ?",
    Mark::kMaintenance);

const Statement kKeepLease(
    "UPDATE leases SET expires_micros = ? WHERE name = ? AND epoch = ?",
    Mark::kMaintenance);

struct StoredLease {
  int64_t epoch = 0;
  int64_t expires_micros = 0;
};

absl::StatusOr<std::optional<StoredLease>> Read(Session& session,
                                                absl::string_view name) {
  std::optional<StoredLease> lease;
  KITH_RETURN_IF_ERROR(session.Query(kSelectLease, {name}, [&](const Row& row) {
    lease = StoredLease{.epoch = row.Int(0), .expires_micros = row.Int(1)};
  }));
  return lease;
}

}  // namespace

absl::StatusOr<std::optional<int64_t>> TakeLease(Session& session,
                                                 absl::string_view name,
                                                 absl::string_view holder,
                                                 absl::Time now,
                                                 absl::Duration time) {
  KITH_ASSIGN_OR_RETURN(std::optional<StoredLease> lease, Read(session, name));
  if (!lease.has_value()) {
    const absl::Status added = session.Execute(kAddLease, {name}).status();
    if (!added.ok() && !IsDuplicateKey(added)) return added;
    lease.emplace();
  }
  if (lease->expires_micros >= absl::ToUnixMicros(now)) return std::nullopt;
  const int64_t epoch = lease->epoch + 1;
  KITH_ASSIGN_OR_RETURN(
      const int64_t rows,
      session.Execute(
          kTakeLease,
          {holder, epoch, absl::ToUnixMicros(now + time), name, lease->epoch}));
  if (rows == 0) return std::nullopt;
  return epoch;
}

absl::StatusOr<bool> KeepLease(Session& session, absl::string_view name,
                               int64_t epoch, absl::Time now,
                               absl::Duration time) {
  KITH_ASSIGN_OR_RETURN(
      const int64_t rows,
      session.Execute(kKeepLease,
                      {absl::ToUnixMicros(now + time), name, epoch}));
  return rows == 1;
}

absl::Status ReleaseLease(Session& session, absl::string_view name,
                          int64_t epoch) {
  return session.Execute(kKeepLease, {0, name, epoch}).status();
}

}  // namespace kith::mysql
