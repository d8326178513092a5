#include "interactions-svc/recorded_requests.h"

#include <map>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/base/sha256.h"
#include "common/mysql/errors.h"
#include "common/mysql/lists.h"
#include "common/mysql/request_log.h"
#include "common/mysql/statement.h"
#include "common/status/status_macros.h"

namespace kith::interactions {
namespace {

using base::Uuid;

const mysql::Statement kSelectKeys(
    "SELECT external_id, contact_id, occurred_micros, interaction_id, "
    "revision, fingerprint FROM interaction_keys "
    "WHERE tenant_id = ? AND source = ? AND external_id IN (:list)");

const mysql::Statement kInsertKey(
    "INSERT INTO interaction_keys (tenant_id, source, external_id, "
    "interaction_id, contact_id, occurred_micros, revision, fingerprint) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?)");

const mysql::Statement kUpdateKey(
    "UPDATE interaction_keys SET occurred_micros = ?, revision = ?, "
    "fingerprint = ? WHERE tenant_id = ? AND source = ? AND external_id = ?");

const mysql::Statement kMoveKey(
    "UPDATE interaction_keys SET contact_id = ? "
    "WHERE tenant_id = ? AND source = ? AND external_id = ?");

// What the column `external_id` holds. A longer id, such as a Message-ID that
// fills a line of mail, is stored by its digest; the interaction has the whole.
constexpr size_t kExternalIdBytes = 800;

std::string ToColumn(const std::string& external_id) {
  if (external_id.size() <= kExternalIdBytes) return external_id;
  return absl::StrCat("sha256=",
                      absl::BytesToHexString(base::Sha256(external_id)));
}

// How "none" is stored in the column `revision`, which is NOT NULL and
// released. No source_revision is negative.
constexpr int64_t kNoRevision = -1;

SourceRevision FromColumn(int64_t revision) {
  return revision == kNoRevision ? SourceRevision() : SourceRevision(revision);
}

int64_t ToColumn(const SourceRevision& revision) {
  return revision.value_or(kNoRevision);
}

StoredKey KeyOf(const RecordItem& item, const Location& location) {
  return {.location = location,
          .revision = RevisionOf(item.sent()),
          .fingerprint = item.content_fingerprint};
}

}  // namespace

RecordedRequests::ExternalId RecordedRequests::ExternalIdOf(
    const RecordItem& item) {
  return {item.sent().source(), ToColumn(item.sent().external_id())};
}

absl::Status RecordedRequests::Read() {
  KITH_RETURN_IF_ERROR(ReadKeys());
  return ReadRequests();
}

absl::Status RecordedRequests::ReadKeys() {
  std::map<std::string, std::vector<std::string>> by_source;
  for (const RecordItem& item : items_) {
    if (!item.has_external_id()) continue;
    by_source[item.sent().source()].push_back(ExternalIdOf(item).second);
  }
  for (const auto& [source, external_ids] : by_source) {
    KITH_RETURN_IF_ERROR(ReadKeysOf(source, external_ids));
  }
  return absl::OkStatus();
}

absl::Status RecordedRequests::ReadKeysOf(
    const std::string& source, const std::vector<std::string>& external_ids) {
  return mysql::QueryListed(
      tx_.session, kSelectKeys, {tx_.tenant_id(), source},
      std::vector<absl::string_view>(external_ids.begin(), external_ids.end()),
      [&](const mysql::Row& row) {
        keys_[ExternalId(source, row.Bytes(0))] = {
            .location = {.contact_id = Uuid::FromBytes(row.Bytes(1)),
                         .occurred_micros = row.Int(2),
                         .interaction_id = Uuid::FromBytes(row.Bytes(3))},
            .revision = FromColumn(row.Int(4)),
            .fingerprint = row.Bytes(5)};
      });
}

absl::Status RecordedRequests::ReadRequests() {
  std::vector<absl::string_view> ids;
  for (const RecordItem& item : items_) {
    if (item.request_id().empty()) continue;
    // Where the external id has decided, the request id has no say.
    const absl::StatusOr<Decision> by_key = DecideByKey(item, FindKey(item));
    if (by_key.ok() && by_key->writes()) ids.push_back(item.request_id());
  }
  KITH_ASSIGN_OR_RETURN(requests_, mysql::FindRequests(tx_, ids));
  return absl::OkStatus();
}

absl::StatusOr<Decision> RecordedRequests::Decide(
    const RecordItem& item) const {
  KITH_ASSIGN_OR_RETURN(const Decision by_key,
                        DecideByKey(item, FindKey(item)));
  if (!by_key.writes()) return by_key;
  const auto it = requests_.find(item.request_id());
  return DecideByRequest(item, it == requests_.end() ? nullptr : &it->second,
                         by_key);
}

const StoredKey* RecordedRequests::FindKey(const RecordItem& item) const {
  if (!item.has_external_id()) return nullptr;
  const auto it = keys_.find(ExternalIdOf(item));
  return it == keys_.end() ? nullptr : &it->second;
}

absl::Status RecordedRequests::Add(const RecordItem& item,
                                   const v1::Interaction& interaction) {
  if (item.has_external_id()) {
    const StoredKey key = KeyOf(item, Location::Of(interaction));
    const auto [source, external_id] = ExternalIdOf(item);
    KITH_RETURN_IF_ERROR(mysql::RetryIfDuplicate(
        tx_.session
            .Execute(kInsertKey, {tx_.tenant_id(), source, external_id,
                                  key.location.interaction_id.bytes(),
                                  key.location.contact_id.bytes(),
                                  key.location.occurred_micros,
                                  ToColumn(key.revision), key.fingerprint})
            .status()));
    keys_[ExternalIdOf(item)] = key;
  }
  return AddRequest(item, interaction);
}

absl::Status RecordedRequests::Correct(const RecordItem& item,
                                       const v1::Interaction& interaction) {
  const StoredKey key = KeyOf(item, Location::Of(interaction));
  const auto [source, external_id] = ExternalIdOf(item);
  KITH_RETURN_IF_ERROR(
      tx_.session
          .Execute(kUpdateKey,
                   {key.location.occurred_micros, ToColumn(key.revision),
                    key.fingerprint, tx_.tenant_id(), source, external_id})
          .status());
  keys_[ExternalIdOf(item)] = key;
  return AddRequest(item, interaction);
}

absl::Status RecordedRequests::AddRequest(const RecordItem& item,
                                          const v1::Interaction& interaction) {
  if (item.request_id().empty()) return absl::OkStatus();
  const std::string result = Location::Of(interaction).Encode();
  requests_[item.request_id()] = {.method = std::string(kRecordMethod),
                                  .fingerprint = item.request_fingerprint,
                                  .result = result};
  return mysql::AddRequest(tx_,
                           {.request_id = std::string(item.request_id()),
                            .method = std::string(kRecordMethod),
                            .fingerprint = item.request_fingerprint},
                           result);
}

absl::Status MoveRecording(const mysql::Tx& tx,
                           const v1::Interaction& interaction) {
  if (interaction.external_id().empty()) return absl::OkStatus();
  const Uuid contact_id = Location::Of(interaction).contact_id;
  const std::string external_id = ToColumn(interaction.external_id());
  return tx.session
      .Execute(kMoveKey, {contact_id.bytes(), tx.tenant_id(),
                          interaction.source(), external_id})
      .status();
}

}  // namespace kith::interactions
