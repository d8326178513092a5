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
constexpr char kMessages[] = "@message";

constexpr size_t kReferenceBytes = 800;

const mysql::Statement kSelectRefs(
    "SELECT reference, contact_id, thread_id FROM thread_refs "
    "WHERE tenant_id = ? AND source = ? AND reference IN (:list)");

const mysql::Statement kInsertRef(
    "INSERT INTO thread_refs "
    "(tenant_id, source, reference, thread_id, contact_id) "
    "VALUES (?, ?, ?, ?, ?)");

const mysql::Statement kUpdateRef(
    "UPDATE thread_refs SET thread_id = ?, contact_id = ? "
    "WHERE tenant_id = ? AND source = ? AND reference = ?");

// What the column `reference` holds: a longer id is stored by its digest.
std::string ToReference(const std::string& id) {
  if (id.size() <= kReferenceBytes) return id;
  return absl::StrCat("sha256=", absl::BytesToHexString(base::Sha256(id)));
}

absl::Status ReadRefsOf(const Tx& tx, const std::string& source,
                        const std::vector<std::string>& references,
                        RefTargets& targets) {
  return mysql::QueryListed(
      tx.session, kSelectRefs, {tx.tenant_id(), source},
      std::vector<absl::string_view>(references.begin(), references.end()),
      [&](const mysql::Row& row) {
        targets[RefKey(source, row.Bytes(0))] = {
            .contact_id = Uuid::FromBytes(row.Bytes(1)),
            .thread_id = Uuid::FromBytes(row.Bytes(2))};
      });
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

RefKey MessageRef(const std::string& message_id) {
  return {kMessages, ToReference(message_id)};
}

RefKey ConversationRef(const v1::Interaction& interaction) {
  return {interaction.source(), ToReference(interaction.conversation_id())};
}

absl::StatusOr<RefTargets> ReadRefs(const Tx& tx,
                                    const v1::Interaction& interaction) {
  std::vector<std::string> messages;
  for (const std::string& id : interaction.in_reply_to()) {
    messages.push_back(MessageRef(id).second);
  }
  if (!interaction.message_id().empty()) {
    messages.push_back(MessageRef(interaction.message_id()).second);
  }
  RefTargets targets;
  KITH_RETURN_IF_ERROR(ReadRefsOf(tx, kMessages, messages, targets));
  if (!interaction.conversation_id().empty()) {
    const RefKey key = ConversationRef(interaction);
    KITH_RETURN_IF_ERROR(ReadRefsOf(tx, key.first, {key.second}, targets));
  }
  return targets;
}

absl::Status WriteRefs(const Tx& tx, const v1::Interaction& interaction,
                       const RefTargets& known, const RefTarget& target) {
  if (!interaction.message_id().empty()) {
    const RefKey key = MessageRef(interaction.message_id());
    if (!known.contains(key)) {
      KITH_RETURN_IF_ERROR(InsertRef(tx, key, target));
    }
  }
  if (interaction.conversation_id().empty()) return absl::OkStatus();
  const RefKey key = ConversationRef(interaction);
  const auto it = known.find(key);
  if (it == known.end()) return InsertRef(tx, key, target);
  if (it->second.thread_id == target.thread_id) return absl::OkStatus();
  return tx.session
      .Execute(kUpdateRef, {target.thread_id.bytes(), target.contact_id.bytes(),
                            tx.tenant_id(), key.first, key.second})
      .status();
}

}  // namespace kith::interactions
