#include "interactions-svc/threads/thread_refs.h"

#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/base/sha256.h"
#include "common/mysql/errors.h"
#include "common/mysql/lists.h"
#include "common/mysql/statement.h"
#include "common/status/status_macros.h"

namespace kith::interactions {
namespace {

using base::Uuid;
using mysql::Tx;

// No name of a source has a '@'.
constexpr char kMails[] = "@mail";
constexpr char kMessages[] = "@message";

constexpr size_t kReferenceBytes = 800;

const mysql::Statement kSelectRefs(
    "SELECT reference, thread_id FROM thread_refs "
    "WHERE tenant_id = ? AND contact_id = ? AND source = ? "
    "AND reference IN (:list)");

const mysql::Statement kSelectRefOfAny(
    "SELECT contact_id, thread_id FROM thread_refs "
    "WHERE tenant_id = ? AND source = ? AND reference = ? "
    "ORDER BY contact_id LIMIT 1");

const mysql::Statement kInsertRef(
    "INSERT INTO thread_refs "
    "(tenant_id, source, reference, thread_id, contact_id) "
    "VALUES (?, ?, ?, ?, ?)");

const mysql::Statement kUpdateRef(
    "UPDATE thread_refs SET thread_id = ? "
    "WHERE tenant_id = ? AND source = ? AND reference = ? AND contact_id = ?");

// What the column `reference` holds: a longer id is stored by its digest.
std::string ToReference(const std::string& id) {
  if (id.size() <= kReferenceBytes) return id;
  return absl::StrCat("sha256=", absl::BytesToHexString(base::Sha256(id)));
}

// Those of the contact.
absl::Status ReadOwn(const Tx& tx, const Uuid& contact_id,
                     const std::string& source,
                     const std::vector<std::string>& references,
                     RefTargets& targets) {
  return mysql::QueryListed(
      tx.session, kSelectRefs, {tx.tenant_id(), contact_id.bytes(), source},
      std::vector<absl::string_view>(references.begin(), references.end()),
      [&](const mysql::Row& row) {
        targets[RefKey(source, row.Bytes(0))] = {
            .contact_id = contact_id,
            .thread_id = Uuid::FromBytes(row.Bytes(1))};
      });
}

// Those of another contact for each key that `targets` lacks.
absl::Status ReadOthers(const Tx& tx, const std::vector<RefKey>& keys,
                        RefTargets& targets) {
  std::vector<RefKey> missing;
  std::vector<std::vector<mysql::Param>> runs;
  for (const RefKey& key : keys) {
    if (!targets.contains(key)) missing.push_back(key);
  }
  runs.reserve(missing.size());
  for (const RefKey& key : missing) {
    runs.push_back({tx.tenant_id(), key.first, key.second});
  }
  return mysql::QueryRuns(tx.session, kSelectRefOfAny, runs, mysql::kMaxRuns,
                          [&](size_t run, const mysql::Row& row) {
                            targets[missing[run]] = {
                                .contact_id = Uuid::FromBytes(row.Bytes(0)),
                                .thread_id = Uuid::FromBytes(row.Bytes(1))};
                          });
}

bool LeadsOf(const RefTargets& known, const RefKey& key,
             const Uuid& contact_id) {
  const auto it = known.find(key);
  return it != known.end() && it->second.contact_id == contact_id;
}

absl::Status InsertRef(const Tx& tx, const RefKey& key,
                       const RefTarget& target) {
  return mysql::RetryIfDuplicate(
      tx.session
          .Execute(kInsertRef,
                   {tx.tenant_id(), key.first, key.second,
                    target.thread_id.bytes(), target.contact_id.bytes()})
          .status());
}

}  // namespace

RefKey MessageRef(const v1::Interaction& interaction,
                  const std::string& message_id) {
  return {interaction.kind() == v1::KIND_EMAIL
              ? kMails
              : absl::StrCat(interaction.source(), kMessages),
          ToReference(message_id)};
}

RefKey ConversationRef(const v1::Interaction& interaction) {
  return {interaction.source(), ToReference(interaction.conversation_id())};
}

absl::StatusOr<RefTargets> ReadRefs(const Tx& tx,
                                    const v1::Interaction& interaction) {
  const Uuid contact_id = *Uuid::Parse(interaction.contact_id());
  std::vector<RefKey> made;
  for (const std::string& id : interaction.in_reply_to()) {
    made.push_back(MessageRef(interaction, id));
  }
  std::vector<std::string> messages;
  for (const RefKey& key : made) messages.push_back(key.second);
  if (!interaction.message_id().empty()) {
    messages.push_back(
        MessageRef(interaction, interaction.message_id()).second);
  }
  RefTargets targets;
  KITH_RETURN_IF_ERROR(ReadOwn(
      tx, contact_id, MessageRef(interaction, "").first, messages, targets));
  if (!interaction.conversation_id().empty()) {
    made.push_back(ConversationRef(interaction));
    KITH_RETURN_IF_ERROR(ReadOwn(tx, contact_id, made.back().first,
                                 {made.back().second}, targets));
  }
  KITH_RETURN_IF_ERROR(ReadOthers(tx, made, targets));
  return targets;
}

absl::Status WriteRefs(const Tx& tx, const v1::Interaction& interaction,
                       const RefTargets& known, const RefTarget& target) {
  if (!interaction.message_id().empty()) {
    const RefKey key = MessageRef(interaction, interaction.message_id());
    if (!LeadsOf(known, key, target.contact_id)) {
      KITH_RETURN_IF_ERROR(InsertRef(tx, key, target));
    }
  }
  if (interaction.conversation_id().empty()) return absl::OkStatus();
  const RefKey key = ConversationRef(interaction);
  if (!LeadsOf(known, key, target.contact_id)) {
    return InsertRef(tx, key, target);
  }
  if (known.at(key).thread_id == target.thread_id) return absl::OkStatus();
  return tx.session
      .Execute(kUpdateRef, {target.thread_id.bytes(), tx.tenant_id(), key.first,
                            key.second, target.contact_id.bytes()})
      .status();
}

}  // namespace kith::interactions
