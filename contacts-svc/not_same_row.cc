#include "contacts-svc/not_same_row.h"

#include <string>

#include "common/mysql/errors.h"
#include "common/mysql/lists.h"
#include "common/mysql/statement.h"
#include "common/status/status_macros.h"

namespace kith::contacts {
namespace {

using mysql::Session;
using ops::Uuid;

constexpr int kMostRead = 10'000;

const mysql::Statement kSelectNotSame(
    "SELECT other_id FROM not_same "
    "WHERE tenant_id = ? AND contact_id IN (:list) LIMIT 10000");

const mysql::Statement kSelectNotSameAs(
    "SELECT other_id FROM not_same "
    "WHERE tenant_id = ? AND contact_id = ? AND other_id IN (:list)");

const mysql::Statement kInsertNotSame(
    "INSERT INTO not_same (tenant_id, contact_id, other_id, details) "
    "VALUES (?, ?, ?, ?)");

const mysql::Statement kDeleteNotSame(
    "DELETE FROM not_same "
    "WHERE tenant_id = ? AND contact_id = ? AND other_id = ?");

std::vector<absl::string_view> Bytes(const std::vector<Uuid>& ids) {
  std::vector<absl::string_view> bytes;
  for (const Uuid& id : ids) bytes.push_back(id.bytes());
  return bytes;
}

}  // namespace

absl::Status AddNotSame(Session& session, uint64_t tenant_id, const Uuid& a,
                        const Uuid& b, const v1::MergeReversal& said) {
  const std::string details = said.SerializeAsString();
  for (const auto& [contact, other] : {std::pair(&a, &b), std::pair(&b, &a)}) {
    const absl::Status inserted =
        session
            .Execute(kInsertNotSame,
                     {tenant_id, contact->bytes(), other->bytes(), details})
            .status();
    if (!mysql::IsDuplicateKey(inserted)) KITH_RETURN_IF_ERROR(inserted);
  }
  return absl::OkStatus();
}

absl::Status DeleteNotSame(Session& session, uint64_t tenant_id, const Uuid& a,
                           const Uuid& b) {
  KITH_RETURN_IF_ERROR(
      session.Execute(kDeleteNotSame, {tenant_id, a.bytes(), b.bytes()})
          .status());
  return session.Execute(kDeleteNotSame, {tenant_id, b.bytes(), a.bytes()})
      .status();
}

absl::StatusOr<bool> AnyNotSame(Session& session, uint64_t tenant_id,
                                const std::vector<Uuid>& some,
                                const std::vector<Uuid>& others) {
  const absl::flat_hash_set<Uuid> other_side(others.begin(), others.end());
  bool found = false;
  int read = 0;
  KITH_RETURN_IF_ERROR(mysql::QueryListed(
      session, kSelectNotSame, {tenant_id}, Bytes(some),
      [&](const mysql::Row& row) {
        ++read;
        found = found || other_side.contains(Uuid::FromBytes(row.Bytes(0)));
      }));
  return found || read >= kMostRead;
}

absl::StatusOr<absl::flat_hash_set<Uuid>> SelectNotSame(
    Session& session, uint64_t tenant_id, const Uuid& contact,
    const std::vector<Uuid>& others) {
  absl::flat_hash_set<Uuid> not_same;
  KITH_RETURN_IF_ERROR(mysql::QueryListed(
      session, kSelectNotSameAs, {tenant_id, contact.bytes()}, Bytes(others),
      [&](const mysql::Row& row) {
        not_same.insert(Uuid::FromBytes(row.Bytes(0)));
      }));
  return not_same;
}

}  // namespace kith::contacts
