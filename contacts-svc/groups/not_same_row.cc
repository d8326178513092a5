#include "contacts-svc/groups/not_same_row.h"

#include <algorithm>
#include <string>

#include "common/mysql/errors.h"
#include "common/mysql/lists.h"
#include "common/mysql/statement.h"
#include "common/status/status_macros.h"

namespace kith::contacts {
namespace {

using base::BytesOf;
using base::Uuid;
using mysql::Tx;

const mysql::Statement kSelectNotSame(
    "SELECT contact_id, other_id FROM not_same "
    "WHERE tenant_id = ? AND contact_id IN (:list) "
    "ORDER BY contact_id, other_id LIMIT 500");

const mysql::Statement kSelectNotSameAs(
    "SELECT other_id FROM not_same "
    "WHERE tenant_id = ? AND contact_id = ? AND other_id IN (:list)");

const mysql::Statement kInsertNotSame(
    "INSERT INTO not_same (tenant_id, contact_id, other_id, details) "
    "VALUES (?, ?, ?, ?)");

const mysql::Statement kDeleteNotSame(
    "DELETE FROM not_same "
    "WHERE tenant_id = ? AND contact_id = ? AND other_id = ?");

}  // namespace

absl::Status AddNotSame(const Tx& tx, const Uuid& a, const Uuid& b,
                        const v1::MergeReversal& said) {
  const std::string details = said.SerializeAsString();
  for (const auto& [contact, other] : {std::pair(&a, &b), std::pair(&b, &a)}) {
    const absl::Status inserted =
        tx.session
            .Execute(kInsertNotSame, {tx.tenant_id(), contact->bytes(),
                                      other->bytes(), details})
            .status();
    if (!mysql::IsDuplicateKey(inserted)) KITH_RETURN_IF_ERROR(inserted);
  }
  return absl::OkStatus();
}

absl::Status DeleteNotSame(const Tx& tx, const Uuid& a, const Uuid& b) {
  KITH_RETURN_IF_ERROR(
      tx.session.Execute(kDeleteNotSame, {tx.tenant_id(), a.bytes(), b.bytes()})
          .status());
  return tx.session
      .Execute(kDeleteNotSame, {tx.tenant_id(), b.bytes(), a.bytes()})
      .status();
}

absl::StatusOr<bool> AnyNotSame(const Tx& tx, std::vector<Uuid> some,
                                const std::vector<Uuid>& others) {
  const absl::flat_hash_set<Uuid> other_side(others.begin(), others.end());
  std::sort(some.begin(), some.end());
  auto next = some.begin();
  while (next != some.end()) {
    const auto end =
        next + std::min<ptrdiff_t>(mysql::kMaxListed, some.end() - next);
    const std::vector<Uuid> chunk(next, end);
    bool found = false;
    size_t read = 0;
    Uuid last;
    KITH_RETURN_IF_ERROR(mysql::QueryListed(
        tx.session, kSelectNotSame, {tx.tenant_id()}, BytesOf(chunk),
        [&](const mysql::Row& row) {
          ++read;
          last = Uuid::FromBytes(row.Bytes(0));
          found = found || other_side.contains(Uuid::FromBytes(row.Bytes(1)));
        }));
    if (found) return true;
    if (read == mysql::kMaxListed) {
      // However many more the last one has: only those of the other side count.
      KITH_ASSIGN_OR_RETURN(const absl::flat_hash_set<Uuid> not_same,
                            SelectNotSame(tx, last, others));
      if (!not_same.empty()) return true;
      next = std::upper_bound(next, end, last);
    } else {
      next = end;
    }
  }
  return false;
}

absl::StatusOr<absl::flat_hash_set<Uuid>> SelectNotSame(
    const Tx& tx, const Uuid& contact, const std::vector<Uuid>& others) {
  absl::flat_hash_set<Uuid> not_same;
  KITH_RETURN_IF_ERROR(mysql::QueryListed(
      tx.session, kSelectNotSameAs, {tx.tenant_id(), contact.bytes()},
      BytesOf(others), [&](const mysql::Row& row) {
        not_same.insert(Uuid::FromBytes(row.Bytes(0)));
      }));
  return not_same;
}

}  // namespace kith::contacts
