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

const mysql::Statement kSelectOfContact(
    "SELECT reference, contact_id, thread_id FROM contact_refs "
    "WHERE tenant_id = ? AND contact_id = ? AND source = ? "
    "AND reference IN (:list)");

const mysql::Statement kSelectFirst(
    "SELECT reference, contact_id, thread_id FROM thread_refs "
    "WHERE tenant_id = ? AND source = ? AND reference IN (:list)");

const mysql::Statement kInsertOfContact(
    "INSERT INTO contact_refs "
    "(tenant_id, contact_id, source, reference, thread_id) "
    "VALUES (?, ?, ?, ?, ?)");

const mysql::Statement kInsertFirst(
    "INSERT INTO thread_refs "
    "(tenant_id, source, reference, thread_id, contact_id) "
    "VALUES (?, ?, ?, ?, ?)");

const mysql::Statement kUpdateOfContact(
    "UPDATE contact_refs SET thread_id = ? WHERE tenant_id = ? "
    "AND contact_id = ? AND source = ? AND reference = ?");

const mysql::Statement kMoveOfContact(
    "UPDATE contact_refs SET thread_id = ? WHERE tenant_id = ? "
    "AND contact_id = ? AND thread_id = ? AND source = ? "
    "AND reference IN (:list)");

const mysql::Statement kMoveFirst(
    "UPDATE thread_refs SET thread_id = ? WHERE tenant_id = ? "
    "AND contact_id = ? AND thread_id = ? AND source = ? "
    "AND reference IN (:list)");

const mysql::Statement kDeleteOfContact(
    "DELETE FROM contact_refs WHERE tenant_id = ? AND contact_id = ? "
    "AND thread_id = ? AND source = ? AND reference IN (:list)");

const mysql::Statement kReassignFirst(
    "UPDATE thread_refs SET contact_id = ?, thread_id = ? WHERE tenant_id = ? "
    "AND contact_id = ? AND thread_id = ? AND source = ? "
    "AND reference IN (:list)");

// What the column `reference` holds: a longer id is stored by its digest.
std::string ToReference(const std::string& id) {
  if (id.size() <= kReferenceBytes) return id;
  return absl::StrCat("sha256=", absl::BytesToHexString(base::Sha256(id)));
}

// Who gives the ids of messages.
std::string MessageSource(const v1::Interaction& interaction) {
  return interaction.kind() == v1::KIND_EMAIL
             ? kMails
             : absl::StrCat(interaction.source(), kMessages);
}

using References = std::vector<std::string>;

absl::Status ReadInto(const Tx& tx, absl::string_view sql,
                      const std::vector<mysql::Param>& first,
                      const std::string& source, const References& references,
                      RefTargets& targets) {
  return mysql::QueryListed(
      tx.session, sql, first,
      std::vector<absl::string_view>(references.begin(), references.end()),
      [&](const mysql::Row& row) {
        targets[RefKey(source, row.Bytes(0))] = {
            .contact_id = Uuid::FromBytes(row.Bytes(1)),
            .thread_id = Uuid::FromBytes(row.Bytes(2))};
      });
}

// References of one source. Those of the contact, and of the others the first.
absl::Status ReadRefsOf(const Tx& tx, const Uuid& contact_id,
                        const std::string& source, const References& references,
                        RefTargets& targets) {
  KITH_RETURN_IF_ERROR(ReadInto(tx, kSelectOfContact,
                                {tx.tenant_id(), contact_id.bytes(), source},
                                source, references, targets));
  References missing;
  for (const std::string& reference : references) {
    if (!targets.contains(RefKey(source, reference))) {
      missing.push_back(reference);
    }
  }
  return ReadInto(tx, kSelectFirst, {tx.tenant_id(), source}, source, missing,
                  targets);
}

absl::Status InsertRef(const Tx& tx, const RefTargets& known, const RefKey& key,
                       const RefTarget& target) {
  KITH_RETURN_IF_ERROR(mysql::RetryIfDuplicate(
      tx.session
          .Execute(kInsertOfContact,
                   {tx.tenant_id(), target.contact_id.bytes(), key.first,
                    key.second, target.thread_id.bytes()})
          .status()));
  if (known.contains(key)) return absl::OkStatus();
  return mysql::RetryIfDuplicate(
      tx.session
          .Execute(kInsertFirst,
                   {tx.tenant_id(), key.first, key.second,
                    target.thread_id.bytes(), target.contact_id.bytes()})
          .status());
}

std::map<std::string, References> BySource(const std::vector<RefKey>& keys) {
  std::map<std::string, References> by_source;
  for (const auto& [source, reference] : keys) {
    by_source[source].push_back(reference);
  }
  return by_source;
}

bool LeadsOf(const RefTargets& known, const RefKey& key,
             const Uuid& contact_id) {
  const auto it = known.find(key);
  return it != known.end() && it->second.contact_id == contact_id;
}

}  // namespace

RefKey MessageRef(const v1::Interaction& interaction,
                  const std::string& message_id) {
  return {MessageSource(interaction), ToReference(message_id)};
}

RefKey ConversationRef(const v1::Interaction& interaction) {
  return {interaction.source(), ToReference(interaction.conversation_id())};
}

absl::StatusOr<RefTargets> ReadRefs(const Tx& tx,
                                    const v1::Interaction& interaction) {
  const Uuid contact_id = *Uuid::Parse(interaction.contact_id());
  References messages;
  for (const std::string& id : interaction.in_reply_to()) {
    messages.push_back(ToReference(id));
  }
  if (!interaction.message_id().empty()) {
    messages.push_back(ToReference(interaction.message_id()));
  }
  RefTargets targets;
  KITH_RETURN_IF_ERROR(ReadRefsOf(tx, contact_id, MessageSource(interaction),
                                  messages, targets));
  if (!interaction.conversation_id().empty()) {
    const RefKey key = ConversationRef(interaction);
    KITH_RETURN_IF_ERROR(
        ReadRefsOf(tx, contact_id, key.first, {key.second}, targets));
  }
  return targets;
}

absl::StatusOr<RefTargets> ReadContactRefs(const Tx& tx, const Uuid& contact_id,
                                           const std::vector<RefKey>& keys) {
  RefTargets targets;
  for (const auto& [source, references] : BySource(keys)) {
    KITH_RETURN_IF_ERROR(ReadInto(tx, kSelectOfContact,
                                  {tx.tenant_id(), contact_id.bytes(), source},
                                  source, references, targets));
  }
  return targets;
}

absl::Status MoveRefs(const Tx& tx, const std::vector<RefKey>& keys,
                      const Uuid& contact_id, const Uuid& from,
                      const Uuid& to) {
  for (const auto& [source, references] : BySource(keys)) {
    for (const absl::string_view sql :
         {absl::string_view(kMoveOfContact), absl::string_view(kMoveFirst)}) {
      KITH_RETURN_IF_ERROR(
          mysql::ExecuteListed(tx.session, sql,
                               {to.bytes(), tx.tenant_id(), contact_id.bytes(),
                                from.bytes(), source},
                               std::vector<absl::string_view>(
                                   references.begin(), references.end())));
    }
  }
  return absl::OkStatus();
}

absl::Status ReassignRefs(const Tx& tx, const std::vector<RefKey>& leaving,
                          const std::vector<RefKey>& staying,
                          const RefTarget& from, const RefTarget& to) {
  for (const auto& [source, references] : BySource(leaving)) {
    const std::vector<absl::string_view> list(references.begin(),
                                              references.end());
    KITH_RETURN_IF_ERROR(
        mysql::ExecuteListed(tx.session, kDeleteOfContact,
                             {tx.tenant_id(), from.contact_id.bytes(),
                              from.thread_id.bytes(), source},
                             list));
    KITH_RETURN_IF_ERROR(mysql::ExecuteListed(
        tx.session, kReassignFirst,
        {to.contact_id.bytes(), to.thread_id.bytes(), tx.tenant_id(),
         from.contact_id.bytes(), from.thread_id.bytes(), source},
        list));
  }
  std::vector<RefKey> all = leaving;
  all.insert(all.end(), staying.begin(), staying.end());
  KITH_ASSIGN_OR_RETURN(RefTargets known,
                        ReadContactRefs(tx, to.contact_id, all));
  for (const RefKey& key : all) {
    if (!known.try_emplace(key, to).second) continue;
    KITH_RETURN_IF_ERROR(
        tx.session
            .Execute(kInsertOfContact,
                     {tx.tenant_id(), to.contact_id.bytes(), key.first,
                      key.second, to.thread_id.bytes()})
            .status());
  }
  return absl::OkStatus();
}

absl::Status WriteRefs(const Tx& tx, const v1::Interaction& interaction,
                       const RefTargets& known, const RefTarget& target) {
  if (!interaction.message_id().empty()) {
    const RefKey key = MessageRef(interaction, interaction.message_id());
    if (!LeadsOf(known, key, target.contact_id)) {
      KITH_RETURN_IF_ERROR(InsertRef(tx, known, key, target));
    }
  }
  if (interaction.conversation_id().empty()) return absl::OkStatus();
  const RefKey key = ConversationRef(interaction);
  if (!LeadsOf(known, key, target.contact_id)) {
    return InsertRef(tx, known, key, target);
  }
  if (known.at(key).thread_id == target.thread_id) return absl::OkStatus();
  return tx.session
      .Execute(kUpdateOfContact,
               {target.thread_id.bytes(), tx.tenant_id(),
                target.contact_id.bytes(), key.first, key.second})
      .status();
}

}  // namespace kith::interactions
