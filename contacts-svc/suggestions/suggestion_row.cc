#include "contacts-svc/suggestions/suggestion_row.h"

#include <algorithm>
#include <string>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "common/mysql/errors.h"
#include "common/mysql/lists.h"
#include "common/mysql/statement.h"
#include "common/status/status_macros.h"
#include "contacts-svc/groups/not_same_row.h"

namespace kith::contacts {
namespace {

using base::BytesOf;
using base::Uuid;
using mysql::Tx;

// FromSuggestionRow reads these columns by position.
const std::string kSelectSuggestions =
    "SELECT contact_id, other_id, state, details, create_micros "
    "FROM suggestions ";

const mysql::Statement kSelectSuggestionsWith(
    kSelectSuggestions +
    "WHERE tenant_id = ? AND contact_id = ? AND other_id IN (:list)");

const mysql::Statement kSelectStoredEvidence(
    kSelectSuggestions +
    "WHERE tenant_id = ? AND contact_id = ? AND state = ? AND details <> '' "
    "ORDER BY other_id LIMIT 500");

const mysql::Statement kInsertSuggestion(
    "INSERT INTO suggestions "
    "(tenant_id, contact_id, other_id, state, details, create_micros) "
    "VALUES (?, ?, ?, ?, '', ?)");

const mysql::Statement kUpdateSuggestion(
    "UPDATE suggestions SET state = ?, details = ? "
    "WHERE tenant_id = ? AND contact_id = ? AND other_id = ?");

const mysql::Statement kSelectSuggestion(
    kSelectSuggestions +
    "WHERE tenant_id = ? AND contact_id = ? AND other_id = ?");

const mysql::Statement kSelectSuggestionsAfter(
    kSelectSuggestions +
    "WHERE tenant_id = ? AND contact_id = ? AND other_id > ? "
    "ORDER BY other_id LIMIT 500");

const mysql::Statement kSelectSuggestionsOf(
    kSelectSuggestions +
    "WHERE tenant_id = ? AND contact_id IN (:list) "
    "ORDER BY contact_id, other_id LIMIT 500");

const mysql::Statement kSelectSuggestionsBehind(
    kSelectSuggestions +
        "WHERE tenant_id = ? AND contact_id > ? "
        "ORDER BY contact_id, other_id LIMIT 500",
    mysql::Mark::kList);

SuggestionRow FromSuggestionRow(const mysql::Row& row) {
  SuggestionRow read;
  read.contact = Uuid::FromBytes(row.Bytes(0));
  read.other = Uuid::FromBytes(row.Bytes(1));
  read.state = static_cast<v1::SuggestionState>(row.Int(2));
  read.details.ParseFromString(row.Bytes(3));
  read.create_micros = row.Int(4);
  return read;
}

// Somebody else may add the same pair from its other side, by another key.
absl::Status InsertOnce(const Tx& tx, const Uuid& contact, const Uuid& other) {
  const absl::Status added =
      tx.session
          .Execute(kInsertSuggestion,
                   {tx.tenant_id(), contact.bytes(), other.bytes(),
                    v1::SUGGESTION_STATE_OPEN, absl::ToUnixMicros(tx.now)})
          .status();
  return mysql::IsDuplicateKey(added) ? absl::OkStatus() : added;
}

}  // namespace

std::string Pair::ToString() const {
  return absl::StrCat(lower.ToString(), ".", higher.ToString());
}

std::optional<Pair> Pair::Parse(absl::string_view suggestion_id) {
  if (suggestion_id.size() != 73 || suggestion_id[36] != '.') {
    return std::nullopt;
  }
  const auto lower = Uuid::Parse(suggestion_id.substr(0, 36));
  const auto higher = Uuid::Parse(suggestion_id.substr(37));
  if (!lower.has_value() || !higher.has_value() || *lower >= *higher) {
    return std::nullopt;
  }
  return Pair(*lower, *higher);
}

absl::Status AddSuggestions(const Tx& tx, const Uuid& contact,
                            const std::vector<Uuid>& others) {
  if (others.empty()) return absl::OkStatus();
  KITH_ASSIGN_OR_RETURN(absl::flat_hash_set<Uuid> settled,
                        SelectNotSame(tx, contact, others));
  KITH_ASSIGN_OR_RETURN(const std::vector<SuggestionRow> suggested,
                        SelectSuggestionsWith(tx, contact, others));
  for (const SuggestionRow& row : suggested) settled.insert(row.other);
  std::vector<std::pair<Uuid, Uuid>> rows;
  for (const Uuid& other : others) {
    if (settled.contains(other)) continue;
    rows.insert(rows.end(), {{contact, other}, {other, contact}});
  }
  std::sort(rows.begin(), rows.end());
  for (const auto& [of, with] : rows) {
    KITH_RETURN_IF_ERROR(InsertOnce(tx, of, with));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::optional<SuggestionRow>> SelectSuggestion(
    const Tx& tx, const Pair& pair) {
  std::optional<SuggestionRow> found;
  KITH_RETURN_IF_ERROR(tx.session.Query(
      kSelectSuggestion,
      {tx.tenant_id(), pair.lower.bytes(), pair.higher.bytes()},
      [&](const mysql::Row& row) { found = FromSuggestionRow(row); }));
  return found;
}

absl::StatusOr<std::vector<SuggestionRow>> SelectSuggestionsWith(
    const Tx& tx, const Uuid& contact, const std::vector<Uuid>& others) {
  std::vector<SuggestionRow> rows;
  KITH_RETURN_IF_ERROR(mysql::QueryListed(
      tx.session, kSelectSuggestionsWith, {tx.tenant_id(), contact.bytes()},
      BytesOf(others),
      [&](const mysql::Row& row) { rows.push_back(FromSuggestionRow(row)); }));
  return rows;
}

bool IsOfForm(const v1::MatchEvidence& evidence) {
  return evidence.assurance() == config::v1::ASSURANCE_UNAUTHENTICATED;
}

EvidenceKind KindOf(const v1::MatchEvidence& evidence) {
  return {evidence.rule(), IsOfForm(evidence)};
}

absl::StatusOr<std::map<EvidenceKind, size_t>> CountStoredEvidence(
    const Tx& tx, const Uuid& contact) {
  std::map<EvidenceKind, size_t> counts;
  KITH_RETURN_IF_ERROR(tx.session.Query(
      kSelectStoredEvidence,
      {tx.tenant_id(), contact.bytes(), v1::SUGGESTION_STATE_OPEN},
      [&](const mysql::Row& row) {
        const SuggestionRow read = FromSuggestionRow(row);
        for (const v1::MatchEvidence& evidence : read.details.evidence()) {
          ++counts[KindOf(evidence)];
        }
      }));
  return counts;
}

absl::Status WriteSuggestion(const Tx& tx, const SuggestionRow& row) {
  const std::string details = row.details.SerializeAsString();
  const Pair pair = row.pair();
  for (const auto& [contact, other] : {std::pair(&pair.lower, &pair.higher),
                                       std::pair(&pair.higher, &pair.lower)}) {
    KITH_RETURN_IF_ERROR(
        tx.session
            .Execute(kUpdateSuggestion, {row.state, details, tx.tenant_id(),
                                         contact->bytes(), other->bytes()})
            .status());
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<SuggestionRow>> SelectContactSuggestionsAfter(
    const Tx& tx, const Uuid& contact, const Uuid& after) {
  std::vector<SuggestionRow> rows;
  KITH_RETURN_IF_ERROR(tx.session.Query(
      kSelectSuggestionsAfter, {tx.tenant_id(), contact.bytes(), after.bytes()},
      [&](const mysql::Row& row) { rows.push_back(FromSuggestionRow(row)); }));
  return rows;
}

absl::StatusOr<std::vector<SuggestionRow>> SelectSuggestionsOf(
    const Tx& tx, const std::vector<Uuid>& contacts) {
  std::vector<SuggestionRow> rows;
  KITH_RETURN_IF_ERROR(mysql::QueryListed(
      tx.session, kSelectSuggestionsOf, {tx.tenant_id()}, BytesOf(contacts),
      [&](const mysql::Row& row) { rows.push_back(FromSuggestionRow(row)); }));
  return rows;
}

absl::StatusOr<std::vector<SuggestionRow>> SelectSuggestionsAfterContact(
    const Tx& tx, const Uuid& contact) {
  std::vector<SuggestionRow> rows;
  KITH_RETURN_IF_ERROR(tx.session.Query(
      kSelectSuggestionsBehind, {tx.tenant_id(), contact.bytes()},
      [&](const mysql::Row& row) { rows.push_back(FromSuggestionRow(row)); }));
  return rows;
}

}  // namespace kith::contacts
