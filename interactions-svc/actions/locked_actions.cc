#include "interactions-svc/actions/locked_actions.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/times.h"
#include "common/mysql/errors.h"
#include "common/status/rpc_status.h"
#include "common/status/status_macros.h"
#include "google/protobuf/util/message_differencer.h"
#include "interactions-svc/actions/action_causes.h"
#include "interactions-svc/actions/action_due.h"
#include "interactions-svc/actions/action_settings.h"

namespace kith::interactions {

using base::Uuid;
using google::protobuf::util::MessageDifferencer;
using internal::v1::ContactWork;
using internal::v1::StoredAction;
using mysql::Tx;

namespace {

// Whether a contact has no more than one of those that what is recorded opens.
bool IsOneOfContact(config::v1::ActionKind kind) {
  return std::any_of(std::begin(kAsks), std::end(kAsks),
                     [&](Ask ask) { return KindOf(ask) == kind; });
}

// The most open actions of a contact to which one of the kind is added by hand.
int64_t MostOpen(config::v1::ActionKind kind) {
  return kind == config::v1::ACTION_KIND_REVIEW
             ? kMaxOpenActions + kMoreOpenReviews
             : kMaxOpenActions;
}

}  // namespace

LockedActions::LockedActions(const Tx& tx)
    : tx_(tx), tenant_(*tx.context.principal->tenant) {}

void LockedActions::Begin(const Uuid& contact_id, LockedContact contact) {
  contacts_[contact_id].contact = contact;
}

absl::StatusOr<LockedContact> LockedActions::Contact(
    const Uuid& contact_id) const {
  const auto it = contacts_.find(contact_id);
  if (it == contacts_.end()) return mysql::LostRaceError();
  return it->second.contact;
}

absl::StatusOr<LockedActions::Loaded*> LockedActions::Load(
    const Uuid& contact_id) {
  const auto it = contacts_.find(contact_id);
  if (it == contacts_.end()) return mysql::LostRaceError();
  Loaded& loaded = it->second;
  if (loaded.is_read) return &loaded;
  loaded.is_read = true;
  const ContactWork& work = *loaded.contact.work;
  if (work.action_count() > 0) {
    KITH_ASSIGN_OR_RETURN(auto read, ReadOpenActions(tx_, {contact_id}));
    loaded.open = std::move(read[contact_id]);
    loaded.stored = loaded.open;
  }
  loaded.places = PlacesOf(loaded.open, work);
  return &loaded;
}

absl::StatusOr<OpenActions*> LockedActions::Open(const Uuid& contact_id) {
  KITH_ASSIGN_OR_RETURN(Loaded* const loaded, Load(contact_id));
  return &loaded->open;
}

absl::StatusOr<ContactWork*> LockedActions::Work(const Uuid& contact_id) {
  KITH_ASSIGN_OR_RETURN(Loaded* const loaded, Load(contact_id));
  return loaded->contact.work;
}

absl::StatusOr<StoredAction*> LockedActions::Find(const Uuid& contact_id,
                                                  const Uuid& action_id) {
  KITH_ASSIGN_OR_RETURN(OpenActions* const open, Open(contact_id));
  const std::string id = action_id.ToString();
  const auto it =
      std::find_if(open->begin(), open->end(), [&](const auto& entry) {
        return entry.second.action().action_id() == id;
      });
  return it == open->end() ? nullptr : &it->second;
}

absl::StatusOr<const StoredAction*> LockedActions::FindEnded(
    const Uuid& contact_id, const Uuid& action_id) {
  KITH_ASSIGN_OR_RETURN(const Loaded* const loaded, Load(contact_id));
  const std::string id = action_id.ToString();
  const auto it = std::find_if(loaded->ended.begin(), loaded->ended.end(),
                               [&](const StoredAction& stored) {
                                 return stored.action().action_id() == id;
                               });
  return it == loaded->ended.end() ? nullptr : &*it;
}

StoredAction& LockedActions::Insert(Loaded& loaded,
                                    const std::string& cause_key,
                                    config::v1::ActionKind kind,
                                    absl::string_view topic, absl::Time cause) {
  StoredAction& stored = loaded.open[cause_key];
  stored.set_cause_key(cause_key);
  v1::Action& action = *stored.mutable_action();
  action.set_action_id(Uuid::Make(tx_.now).ToString());
  action.set_kind(kind);
  action.set_state(v1::ACTION_STATE_OPEN);
  *action.mutable_opened_time() = base::ToProto(cause);
  const ActionSetting setting = SettingOf(tenant_, kind, topic);
  action.set_queue(setting.queue);
  SetDue(tenant_, DueTime(tenant_, setting, cause), setting.head_start, stored);
  internal::v1::ContactWork& work = *loaded.contact.work;
  work.set_action_count(work.action_count() + 1);
  return stored;
}

absl::StatusOr<StoredAction*> LockedActions::Add(const Uuid& contact_id,
                                                 const std::string& cause_key,
                                                 config::v1::ActionKind kind,
                                                 absl::string_view topic,
                                                 absl::Time cause) {
  KITH_ASSIGN_OR_RETURN(Loaded* const loaded, Load(contact_id));
  if (IsOneOfContact(kind) ||
      loaded->contact.work->action_count() < kMaxOpenActions) {
    return &Insert(*loaded, cause_key, kind, topic, cause);
  }
  loaded->contact.work->set_lacks_actions(true);
  const std::string too_many = ActionCauseKey::OfTooMany();
  if (!loaded->open.contains(too_many)) {
    StoredAction& review =
        Insert(*loaded, too_many, config::v1::ACTION_KIND_REVIEW, "", tx_.now);
    review.mutable_action()->mutable_reason()->set_code("TOO_MANY_THREADS");
    review.mutable_action()->set_review_cause(
        v1::REVIEW_CAUSE_TOO_MANY_ACTIONS);
  }
  return nullptr;
}

absl::StatusOr<StoredAction*> LockedActions::Create(
    const Uuid& contact_id, const Uuid& action_id, const v1::Action& action,
    absl::string_view cause, const v1::ReviewSubject& review) {
  KITH_ASSIGN_OR_RETURN(Loaded* const loaded, Load(contact_id));
  const std::string key = cause.empty()
                              ? ActionCauseKey::OfAction(action_id.ToString())
                              : ActionCauseKey::Of(action.kind(), cause);
  if (const auto it = loaded->open.find(key); it != loaded->open.end()) {
    return &it->second;
  }
  const int64_t most = MostOpen(action.kind());
  if (loaded->contact.work->action_count() >= most) {
    return status::WithReason("TOO_MANY_ACTIONS",
                              absl::FailedPreconditionError(absl::StrCat(
                                  "action.contact_id: the contact has ", most,
                                  " open actions; end some first")));
  }
  StoredAction& stored = Insert(*loaded, key, action.kind(), "", tx_.now);
  v1::Action& made = *stored.mutable_action();
  made.set_action_id(action_id.ToString());
  made.set_thread_id(action.thread_id());
  made.set_assignee(action.assignee());
  made.mutable_reason()->set_code("SAID");
  made.mutable_reason()->set_text(action.reason().text());
  made.set_review_cause(review.review_cause());
  made.set_other_contact_id(review.other_contact_id());
  made.set_identity_key(review.identity_key());
  if (!action.queue().empty()) made.set_queue(action.queue());
  const ActionSetting setting = SettingOf(tenant_, action.kind(), "");
  SetDue(tenant_,
         base::FromProto(action.has_due_time() ? action.due_time()
                                               : made.due_time()),
         setting.head_start, stored);
  return &stored;
}

absl::Status LockedActions::Remove(const Uuid& contact_id,
                                   const std::string& cause_key,
                                   v1::ActionState state,
                                   const v1::ActionEnd& end) {
  KITH_ASSIGN_OR_RETURN(Loaded* const loaded, Load(contact_id));
  const auto it = loaded->open.find(cause_key);
  if (it == loaded->open.end()) return absl::OkStatus();
  StoredAction ended = std::move(it->second);
  loaded->open.erase(it);
  v1::Action& action = *ended.mutable_action();
  action.set_state(state);
  *action.mutable_end() = end;
  *action.mutable_end()->mutable_end_time() = base::ToProto(tx_.now);
  loaded->ended.push_back(std::move(ended));
  ContactWork& work = *loaded->contact.work;
  work.set_action_count(work.action_count() - 1);
  return absl::OkStatus();
}

absl::Status LockedActions::End(const Uuid& contact_id,
                                const std::string& cause_key,
                                v1::ActionState state,
                                const v1::ActionEnd& end) {
  KITH_ASSIGN_OR_RETURN(ContactWork* const work, Work(contact_id));
  const int64_t now = absl::ToUnixMicros(tx_.now);
  if (cause_key == ActionCauseKey::Of(Ask::kCallBack)) {
    work->set_call_back_ended_micros(now);
  }
  if (cause_key == ActionCauseKey::Of(Ask::kFirstContact)) {
    work->set_first_contact_ended_micros(now);
  }
  return Remove(contact_id, cause_key, state, end);
}

std::vector<Uuid> LockedActions::WithRoomForLacking() const {
  std::vector<Uuid> ids;
  for (const auto& [id, loaded] : contacts_) {
    const ContactWork& work = *loaded.contact.work;
    if (work.lacks_actions() && work.action_count() < kMaxOpenActions) {
      ids.push_back(id);
    }
  }
  return ids;
}

absl::StatusOr<std::vector<ActionEffect>> LockedActions::Write() {
  std::vector<ActionEffect> effects;
  for (auto& [contact_id, loaded] : contacts_) {
    if (!loaded.is_read) continue;
    KITH_RETURN_IF_ERROR(WriteContact(contact_id, loaded, effects));
  }
  return effects;
}

absl::Status LockedActions::WriteContact(
    const Uuid& contact_id, Loaded& loaded,
    std::vector<ActionEffect>& effects) const {
  const auto find_stored = [&](const StoredAction& stored) -> StoredAction* {
    const auto it = loaded.stored.find(stored.cause_key());
    return it == loaded.stored.end() ? nullptr : &it->second;
  };
  const std::string skips =
      ActionCauseKey::Of(config::v1::ACTION_KIND_REVIEW, kSkipsCause);
  bool ends_skips = !loaded.ended.empty();
  for (const StoredAction& ended : loaded.ended) {
    const StoredAction* const before = find_stored(ended);
    ActionEffect effect{.contact_id = contact_id, .after = ended.action()};
    if (before != nullptr) effect.before = before->action();
    KITH_RETURN_IF_ERROR(EndAction(tx_, contact_id, before != nullptr, ended));
    loaded.stored.erase(ended.cause_key());
    effects.push_back(std::move(effect));
  }
  for (const auto& [cause, open] : loaded.open) {
    const StoredAction* const before = find_stored(open);
    ActionEffect effect{.contact_id = contact_id, .after = open.action()};
    if (before == nullptr) {
      KITH_RETURN_IF_ERROR(InsertAction(tx_, contact_id, open));
    } else {
      if (MessageDifferencer::Equals(*before, open)) continue;
      effect.before = before->action();
      KITH_RETURN_IF_ERROR(UpdateAction(tx_, contact_id, open));
    }
    ends_skips = ends_skips || cause != skips;
    effects.push_back(std::move(effect));
  }
  if (ends_skips) loaded.contact.work->clear_skips();
  return MovePlaces(tx_, contact_id, loaded.places,
                    PlacesOf(loaded.open, *loaded.contact.work));
}

}  // namespace kith::interactions
