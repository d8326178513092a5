#include "interactions-svc/activity/locked_contacts.h"

#include <string>
#include <vector>

#include "common/status/status_macros.h"

namespace kith::interactions {

using base::Uuid;

void LockedContacts::Begin(const Uuid& contact_id) {
  actions_.Begin(contact_id, summaries_.ForActions(contact_id));
}

absl::Status LockedContacts::Lock(const std::set<Uuid>& contact_ids) {
  KITH_RETURN_IF_ERROR(summaries_.Lock(contact_ids));
  for (const Uuid& id : contact_ids) Begin(id);
  return absl::OkStatus();
}

absl::StatusOr<bool> LockedContacts::TryLock(const Uuid& contact_id) {
  KITH_ASSIGN_OR_RETURN(const bool locked, summaries_.TryLock(contact_id));
  if (locked) Begin(contact_id);
  return locked;
}

absl::Status LockedContacts::Add(const v1::Interaction& interaction,
                                 const ThreadEntry& entry) {
  KITH_RETURN_IF_ERROR(summaries_.Add(interaction));
  return recorded_.AddInteraction(nullptr, interaction, entry.word);
}

absl::Status LockedContacts::Exchange(const v1::Interaction& old,
                                      const v1::Interaction& interaction,
                                      const ThreadEntry& entry) {
  KITH_RETURN_IF_ERROR(summaries_.Exchange(old, interaction));
  return recorded_.AddInteraction(&old, interaction, entry.word);
}

absl::Status LockedContacts::Move(const v1::Interaction& old,
                                  const v1::Interaction& interaction,
                                  const ThreadEntry& entry) {
  KITH_RETURN_IF_ERROR(summaries_.Move(old, interaction));
  return recorded_.MoveInteraction(old, interaction, entry.word);
}

absl::Status LockedContacts::WriteThreads() {
  KITH_ASSIGN_OR_RETURN(const std::vector<ThreadEffect> effects,
                        threads_.Write());
  for (const ThreadEffect& effect : effects) {
    KITH_RETURN_IF_ERROR(recorded_.AddThread(effect));
  }
  return summaries_.AddThreads(effects);
}

absl::Status LockedContacts::TellLease(const Uuid& contact_id,
                                       const std::string& reason) {
  KITH_ASSIGN_OR_RETURN(const OpenActions* const open,
                        actions_.Open(contact_id));
  std::set<std::string> queues;
  for (const auto& [cause, stored] : *open) {
    queues.insert(stored.action().queue());
  }
  return summaries_.TellLease(contact_id, queues, reason);
}

absl::Status LockedContacts::Write() {
  KITH_RETURN_IF_ERROR(WriteThreads());
  for (const Uuid& id : actions_.WithRoomForLacking()) {
    KITH_RETURN_IF_ERROR(recorded_.OpenLacking(id));
  }
  KITH_ASSIGN_OR_RETURN(const std::vector<ActionEffect> effects,
                        actions_.Write());
  KITH_RETURN_IF_ERROR(summaries_.AddActions(effects));
  return summaries_.Write();
}

}  // namespace kith::interactions
