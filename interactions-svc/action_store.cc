#include "interactions-svc/action_store.h"

#include <algorithm>
#include <limits>
#include <tuple>
#include <utility>

#include "absl/functional/function_ref.h"
#include "absl/strings/str_cat.h"
#include "common/base/times.h"
#include "common/mysql/lists.h"
#include "common/mysql/request_log.h"
#include "common/mysql/transaction.h"
#include "common/status/rpc_status.h"
#include "common/status/status_macros.h"
#include "interactions-svc/action_fields.h"
#include "interactions-svc/actions/action_due.h"
#include "interactions-svc/actions/action_reason.h"
#include "interactions-svc/actions/action_row.h"
#include "interactions-svc/activity/locked_contacts.h"
#include "interactions-svc/activity/summary_row.h"

namespace kith::interactions {
namespace {

using base::Uuid;
using internal::v1::ContactWork;
using internal::v1::StoredAction;
using mysql::Tx;
using Names = google::protobuf::RepeatedPtrField<v1::ActionName>;

constexpr size_t kActionIdBytes = 16;

// Returns an action, open or ended, as the transaction that has locked its
// contact leaves it.
absl::StatusOr<v1::Action> ShowOne(const Tx& tx, const Uuid& contact_id,
                                   const Uuid& action_id,
                                   LockedActions& actions) {
  KITH_ASSIGN_OR_RETURN(const StoredAction* const open,
                        actions.Find(contact_id, action_id));
  if (open != nullptr) {
    KITH_ASSIGN_OR_RETURN(const ContactWork* const work,
                          actions.Work(contact_id));
    return ShowAction(tx, contact_id, *open, *work);
  }
  KITH_ASSIGN_OR_RETURN(const StoredAction* const ended,
                        actions.FindEnded(contact_id, action_id));
  if (ended != nullptr) {
    return ShowAction(tx, contact_id, *ended, ContactWork());
  }
  KITH_ASSIGN_OR_RETURN(const std::vector<StoredAction> before,
                        ReadEndedActions(tx, contact_id, {action_id}));
  if (!before.empty()) {
    return ShowAction(tx, contact_id, before.front(), ContactWork());
  }
  return absl::NotFoundError(
      absl::StrCat("actions: contact ", contact_id.ToString(),
                   " has no action ", action_id.ToString()));
}

// One run of the transaction of Create.
absl::StatusOr<v1::Action> CreateOnce(const Tx& tx,
                                      const v1::CreateActionRequest& request,
                                      const Uuid& new_id,
                                      const mysql::IdempotencyKey& key) {
  const Uuid contact_id = *Uuid::Parse(request.action().contact_id());
  LockedContacts contacts(tx);
  KITH_RETURN_IF_ERROR(contacts.Lock({contact_id}));
  KITH_ASSIGN_OR_RETURN(const std::optional<std::string> known,
                        mysql::FindRequest(tx, key));
  if (known.has_value()) {
    return ShowOne(tx, contact_id, Uuid::FromBytes(*known), contacts.actions());
  }
  KITH_RETURN_IF_ERROR(CheckThread(request.action(), contacts.threads()));
  KITH_ASSIGN_OR_RETURN(
      const StoredAction* const stored,
      contacts.actions().Create(contact_id, new_id, request.action(),
                                request.cause(), request.review()));
  const Uuid id = *Uuid::Parse(stored->action().action_id());
  KITH_RETURN_IF_ERROR(contacts.Write());
  KITH_RETURN_IF_ERROR(mysql::AddRequest(tx, key, id.bytes()));
  return ShowOne(tx, contact_id, id, contacts.actions());
}

// Changes one open action of a locked contact.
using Change = absl::FunctionRef<absl::Status(
    LockedContacts&, const Uuid& contact_id, StoredAction&)>;

absl::Status EndedError(const v1::ActionName& name) {
  return status::WithReason(
      "ACTION_ENDED",
      absl::FailedPreconditionError(absl::StrCat(
          "actions: ", name.action_id(), " has ended; want open ones")));
}

// What becomes of actions that have ended before.
enum class Ended { kIsFine, kIsError };

// Changes the named actions of locked contacts, and writes them.
absl::Status ChangeLocked(const Tx& tx, const Names& names, Ended ended,
                          Change change, LockedContacts& contacts) {
  // What does not exist comes before what has ended.
  KITH_RETURN_IF_ERROR(ShowNamed(tx, names, contacts.actions()).status());
  for (const v1::ActionName& name : names) {
    const Uuid contact_id = *Uuid::Parse(name.contact_id());
    KITH_ASSIGN_OR_RETURN(
        StoredAction* const stored,
        contacts.actions().Find(contact_id, *Uuid::Parse(name.action_id())));
    if (stored != nullptr) {
      KITH_RETURN_IF_ERROR(change(contacts, contact_id, *stored));
    } else if (ended == Ended::kIsError) {
      return EndedError(name);
    }
  }
  return contacts.Write();
}

// Changes the named actions in one transaction, and returns them.
template <typename Request>
absl::StatusOr<std::vector<v1::Action>> ChangeNamed(const Tx& tx,
                                                    const Request& request,
                                                    Ended ended,
                                                    Change change) {
  const mysql::IdempotencyKey key = mysql::KeyOf(tx, request);
  std::vector<v1::Action> actions;
  KITH_RETURN_IF_ERROR(mysql::Transact(tx, [&]() -> absl::Status {
    LockedContacts contacts(tx);
    KITH_RETURN_IF_ERROR(contacts.Lock(ContactsOf(request.actions())));
    KITH_ASSIGN_OR_RETURN(const std::optional<std::string> known,
                          mysql::FindRequest(tx, key));
    if (!known.has_value()) {
      KITH_RETURN_IF_ERROR(
          ChangeLocked(tx, request.actions(), ended, change, contacts));
      KITH_RETURN_IF_ERROR(mysql::AddRequest(tx, key, ""));
    }
    KITH_ASSIGN_OR_RETURN(actions,
                          ShowNamed(tx, request.actions(), contacts.actions()));
    return absl::OkStatus();
  }));
  return actions;
}

// Answers with the actions that a change has returned.
template <typename Response>
absl::StatusOr<Response> Answer(
    absl::StatusOr<std::vector<v1::Action>> actions) {
  KITH_RETURN_IF_ERROR(actions.status());
  Response response;
  for (v1::Action& action : *actions) {
    *response.add_actions() = std::move(action);
  }
  return response;
}

// An open action in a list, which begins with the most urgent.
struct Listed {
  const StoredAction* stored = nullptr;
  Uuid contact_id = {};
  ActionPlace place = {};
};

bool IsBefore(const ActionPlace& a, const ActionPlace& b) {
  return std::tuple(a.micros, a.action_id) < std::tuple(b.micros, b.action_id);
}

bool EndedLater(const EndedAction& a, const EndedAction& b) {
  return std::tuple(a.ended_micros, a.action_id) >
         std::tuple(b.ended_micros, b.action_id);
}

absl::TimeZone ZoneOf(const Tx& tx) {
  absl::TimeZone zone;
  absl::LoadTimeZone(tx.context.principal->tenant->time_zone(), &zone);
  return zone;
}

}  // namespace

ActionPlace ActionPlace::MostUrgent() {
  return {.micros = std::numeric_limits<int64_t>::min(), .action_id = Uuid()};
}

ActionPlace ActionPlace::LastEnded() {
  return {.micros = std::numeric_limits<int64_t>::max(),
          .action_id = Uuid::FromBytes(std::string(kActionIdBytes, '\xFF'))};
}

absl::StatusOr<ContactWorks> ReadWorks(const Tx& tx,
                                       const std::vector<Uuid>& contact_ids) {
  KITH_ASSIGN_OR_RETURN(const SummaryRows rows,
                        ReadSummaries(tx, kSelectSummaries, contact_ids));
  ContactWorks works;
  for (const auto& [id, row] : rows) {
    if (row.work.action_count() > 0) works[id] = row.work;
  }
  return works;
}

v1::ActionLease ShowLease(const ContactWork& work) {
  v1::ActionLease lease;
  lease.set_agent(work.agent());
  lease.set_epoch(work.epoch());
  *lease.mutable_end_time() = base::ToProto(work.end_micros());
  return lease;
}

v1::Action ShowAction(const Tx& tx, const Uuid& contact_id,
                      const StoredAction& stored, const ContactWork& work) {
  v1::Action action = ShowAction(stored, tx.now, ZoneOf(tx));
  action.set_contact_id(contact_id.ToString());
  if (work.end_micros() > absl::ToUnixMicros(tx.now) && !action.has_end()) {
    *action.mutable_lease() = ShowLease(work);
  }
  return action;
}

std::set<Uuid> ContactsOf(const Names& names) {
  std::set<Uuid> ids;
  for (const v1::ActionName& name : names) {
    ids.insert(*Uuid::Parse(name.contact_id()));
  }
  return ids;
}

absl::StatusOr<std::vector<v1::Action>> ShowNamed(const Tx& tx,
                                                  const Names& names,
                                                  LockedActions& actions) {
  std::vector<v1::Action> shown;
  for (const v1::ActionName& name : names) {
    KITH_ASSIGN_OR_RETURN(shown.emplace_back(),
                          ShowOne(tx, *Uuid::Parse(name.contact_id()),
                                  *Uuid::Parse(name.action_id()), actions));
  }
  return shown;
}

absl::StatusOr<v1::Action> ActionStore::Create(
    const Tx& tx, const v1::CreateActionRequest& request) const {
  const mysql::IdempotencyKey key = mysql::KeyOf(tx, request);
  const Uuid new_id = Uuid::Make(tx.now);
  v1::Action action;
  KITH_RETURN_IF_ERROR(mysql::Transact(tx, [&]() -> absl::Status {
    KITH_ASSIGN_OR_RETURN(action, CreateOnce(tx, request, new_id, key));
    return absl::OkStatus();
  }));
  return action;
}

absl::StatusOr<v1::DismissActionsResponse> ActionStore::Dismiss(
    const Tx& tx, const v1::DismissActionsRequest& request) const {
  return Answer<v1::DismissActionsResponse>(ChangeNamed(
      tx, request, Ended::kIsFine,
      [&](LockedContacts& contacts, const Uuid& contact_id,
          StoredAction& stored) -> absl::Status {
        KITH_RETURN_IF_ERROR(
            CheckThreadIsAnswered(contact_id, stored, contacts.threads()));
        v1::ActionEnd end;
        end.set_agent(request.agent());
        end.set_note(request.note());
        return contacts.actions().End(contact_id, stored.cause_key(),
                                      v1::ACTION_STATE_DISMISSED, end);
      }));
}

absl::StatusOr<v1::SnoozeActionsResponse> ActionStore::Snooze(
    const Tx& tx, const v1::SnoozeActionsRequest& request) const {
  return Answer<v1::SnoozeActionsResponse>(ChangeNamed(
      tx, request, Ended::kIsError,
      [&](LockedContacts& contacts, const Uuid& contact_id,
          StoredAction& stored) -> absl::Status {
        stored.mutable_action()->set_state(v1::ACTION_STATE_SNOOZED);
        *stored.mutable_action()->mutable_snooze_until_time() =
            base::ToProto(base::ToMicros(request.until_time()));
        return ReleaseLease(request.agent(), contact_id, contacts);
      }));
}

absl::StatusOr<v1::ReassignActionsResponse> ActionStore::Reassign(
    const Tx& tx, const v1::ReassignActionsRequest& request) const {
  return Answer<v1::ReassignActionsResponse>(
      ChangeNamed(tx, request, Ended::kIsError,
                  [&](LockedContacts& contacts, const Uuid& contact_id,
                      StoredAction& stored) -> absl::Status {
                    v1::Action& action = *stored.mutable_action();
                    action.set_assignee(request.assignee());
                    if (!request.queue().empty())
                      action.set_queue(request.queue());
                    ShareAfterPatience(*tx.context.principal->tenant, stored);
                    return ReleaseLease(request.agent(), contact_id, contacts);
                  }));
}

absl::StatusOr<ActionPage> ActionStore::ListOpen(const Tx& tx,
                                                 const ContactWorks& works,
                                                 const ActionPlace& after,
                                                 size_t size) const {
  std::vector<Uuid> ids;
  for (const auto& [id, work] : works) ids.push_back(id);
  KITH_ASSIGN_OR_RETURN(const auto open, ReadOpenActions(tx, ids));
  std::vector<Listed> listed;
  for (const auto& [contact_id, actions] : open) {
    for (const auto& [cause, stored] : actions) {
      const ActionPlace place = {
          .micros = stored.rank_micros(),
          .action_id = *Uuid::Parse(stored.action().action_id())};
      if (IsBefore(after, place))
        listed.push_back({&stored, contact_id, place});
    }
  }
  std::sort(listed.begin(), listed.end(), [](const auto& a, const auto& b) {
    return IsBefore(a.place, b.place);
  });
  ActionPage page;
  if (listed.size() > size) {
    listed.resize(size);
    page.next = listed.back().place;
  }
  for (const Listed& one : listed) {
    page.actions.push_back(
        ShowAction(tx, one.contact_id, *one.stored, works.at(one.contact_id)));
  }
  return page;
}

absl::StatusOr<ActionPage> ActionStore::ListEnded(
    const Tx& tx, absl::Span<const Uuid> contact_ids, const ActionPlace& after,
    size_t size) const {
  std::vector<EndedAction> ended;
  for (size_t i = 0; i < contact_ids.size(); i += mysql::kMaxRuns) {
    KITH_ASSIGN_OR_RETURN(
        const std::vector<EndedAction> read,
        ListEndedActions(tx, contact_ids.subspan(i, mysql::kMaxRuns),
                         after.micros, after.action_id,
                         static_cast<int32_t>(size) + 1));
    ended.insert(ended.end(), read.begin(), read.end());
    std::sort(ended.begin(), ended.end(), EndedLater);
    ended.resize(std::min(ended.size(), size + 1));
  }
  ActionPage page;
  if (ended.size() > size) {
    ended.pop_back();
    page.next = {.micros = ended.back().ended_micros,
                 .action_id = ended.back().action_id};
  }
  for (const EndedAction& action : ended) {
    page.actions.push_back(
        ShowAction(tx, action.contact_id, action.stored, ContactWork()));
  }
  return page;
}

}  // namespace kith::interactions
