#include "interactions-svc/completion.h"

#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/cord.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "common/base/sha256.h"
#include "common/mysql/request_log.h"
#include "common/mysql/transaction.h"
#include "common/status/rpc_status.h"
#include "common/status/status_macros.h"
#include "interactions-svc/action_fields.h"
#include "interactions-svc/action_store.h"
#include "interactions-svc/actions/action_row.h"
#include "interactions-svc/activity/location.h"
#include "interactions-svc/activity/locked_contacts.h"
#include "interactions-svc/activity/moved_interactions.h"
#include "interactions-svc/contacting/frequency_caps.h"
#include "interactions-svc/recording.h"
#include "interactions-svc/thread_store.h"
#include "interactions-svc/threads/thread_errors.h"
#include "interactions-svc/threads/thread_fold.h"
#include "interactions-svc/threads/thread_news.h"

namespace kith::interactions {
namespace {

using base::Uuid;
using internal::v1::StoredAction;
using mysql::Tx;

// The result of a completion as `requests` has it: where the interaction is,
// and when the actions that follow were made.
struct Completed {
  std::optional<Location> recorded = {};
  int64_t micros = 0;
  // As the transaction leaves them. Not in `requests`.
  std::vector<v1::Action> actions = {};
  std::vector<v1::Action> next = {};

  std::string Encode() const {
    return absl::StrCat(micros, "/",
                        recorded.has_value() ? recorded->Encode() : "");
  }
  static Completed Decode(const std::string& result) {
    Completed completed;
    const size_t slash = result.find('/');
    if (slash == std::string::npos ||
        !absl::SimpleAtoi(result.substr(0, slash), &completed.micros)) {
      return completed;
    }
    completed.recorded = Location::Decode(result.substr(slash + 1));
    return completed;
  }
};

// A request_id that the source, external_id and source_revision of an
// interaction stand for has a '=', which is not allowed in a caller's.
constexpr absl::string_view kExternalPrefix = "ext=";

std::string ExternalRequestId(const v1::Interaction& done) {
  const std::string revision = done.has_source_revision()
                                   ? absl::StrCat(done.source_revision())
                                   : "none";
  const std::string digest = base::Sha256(absl::StrCat(
      done.source().size(), "/", done.source(), "/", done.external_id().size(),
      "/", done.external_id(), "/", revision));
  return absl::StrCat(kExternalPrefix,
                      absl::BytesToHexString(digest.substr(0, 16)));
}

// The result of the same request before; nullopt if there is none.
absl::StatusOr<std::optional<std::string>> FindCompleted(
    const Tx& tx, const mysql::IdempotencyKey& key) {
  auto known = mysql::FindRequest(tx, key);
  if (!absl::IsInvalidArgument(known.status()) ||
      !absl::StartsWith(key.request_id, kExternalPrefix)) {
    return known;
  }
  return absl::AlreadyExistsError(
      "interaction.external_id: another request with it has completed actions; "
      "want a request_id, or a higher source_revision");
}

// An error about an action that follows, with the field that names it.
absl::Status InNext(int index, const absl::Status& status) {
  absl::string_view fault = status.message();
  if (status.ok() || !absl::ConsumePrefix(&fault, "action.")) return status;
  absl::Status named(status.code(), absl::StrCat("next[", index, "].", fault));
  status.ForEachPayload([&](absl::string_view type, const absl::Cord& value) {
    named.SetPayload(type, value);
  });
  return named;
}

Uuid NextId(const mysql::IdempotencyKey& key, int64_t micros, int index) {
  return Uuid::MakeFrom(absl::FromUnixMicros(micros),
                        absl::StrCat("next/", key.request_id, "/", index));
}

// Names what the agent has not seen, so that it can be shown at once.
absl::Status SomethingNewerError(const v1::ThreadStateChange& change,
                                 const internal::v1::StoredThread& thread) {
  return status::WithReason(
      "SOMETHING_NEWER",
      absl::AbortedError(
          absl::StrCat("threads: ", change.thread_id(),
                       " is newer than its etag; read it, then send again")),
      {{"contact_id", change.contact_id()},
       {"thread_id", change.thread_id()},
       {"interaction_ids",
        absl::StrJoin(NewsSince(change.etag(), thread), ",")}});
}

// One run of the transaction.
class CompletionRun {
 public:
  CompletionRun(const Tx& tx, const v1::CompleteActionsRequest& request,
                const mysql::IdempotencyKey& key,
                absl::Span<const RecordItem> items)
      : tx_(tx),
        request_(request),
        key_(key),
        contacts_(tx),
        recording_(tx, items, contacts_) {
    contacts_.SetAgent(request.agent());
  }

  absl::StatusOr<Completed> Run();

 private:
  absl::StatusOr<Completed> Complete();
  std::set<Uuid> Contacts() const;
  absl::StatusOr<ThreadRow*> Thread(const v1::ThreadStateChange& change);
  absl::Status CheckSeen();
  absl::Status Record(Completed& completed);
  absl::Status MoveThreads();
  absl::Status EndActions();
  absl::Status OpenNext(int64_t micros);
  absl::Status Show(Completed& completed);

  const Tx& tx_;
  const v1::CompleteActionsRequest& request_;
  const mysql::IdempotencyKey& key_;
  LockedContacts contacts_;
  Recording recording_;
};

std::set<Uuid> CompletionRun::Contacts() const {
  std::set<Uuid> ids = ContactsOf(request_.actions());
  for (const v1::ThreadStateChange& change : request_.threads()) {
    ids.insert(*Uuid::Parse(change.contact_id()));
  }
  for (const v1::Action& next : request_.next()) {
    ids.insert(*Uuid::Parse(next.contact_id()));
  }
  return ids;
}

absl::StatusOr<ThreadRow*> CompletionRun::Thread(
    const v1::ThreadStateChange& change) {
  KITH_ASSIGN_OR_RETURN(
      ThreadRow* const row,
      contacts_.threads().Find(*Uuid::Parse(change.contact_id()),
                               *Uuid::Parse(change.thread_id())));
  if (row == nullptr) {
    return NoThreadError("threads", *Uuid::Parse(change.thread_id()));
  }
  KITH_RETURN_IF_ERROR(CheckNotJoined("threads", *row));
  return row;
}

absl::StatusOr<Completed> CompletionRun::Run() {
  KITH_RETURN_IF_ERROR(recording_.Lock(Contacts()));
  KITH_ASSIGN_OR_RETURN(const std::optional<std::string> known,
                        FindCompleted(tx_, key_));
  Completed completed;
  if (known.has_value()) {
    completed = Completed::Decode(*known);
  } else if (request_.repeats_only()) {
    return absl::NotFoundError("request_id: there is nothing to repeat");
  } else {
    KITH_ASSIGN_OR_RETURN(completed, Complete());
  }
  KITH_RETURN_IF_ERROR(Show(completed));
  return completed;
}

absl::StatusOr<Completed> CompletionRun::Complete() {
  KITH_RETURN_IF_ERROR(
      ShowNamed(tx_, request_.actions(), contacts_.actions()).status());
  Completed completed{.micros = absl::ToUnixMicros(tx_.now)};
  KITH_RETURN_IF_ERROR(CheckSeen());
  KITH_RETURN_IF_ERROR(Record(completed));
  KITH_RETURN_IF_ERROR(MoveThreads());
  KITH_RETURN_IF_ERROR(EndActions());
  KITH_RETURN_IF_ERROR(OpenNext(completed.micros));
  for (const Uuid& id : ContactsOf(request_.actions())) {
    KITH_RETURN_IF_ERROR(ReleaseLease(request_.agent(), id, contacts_));
  }
  KITH_RETURN_IF_ERROR(contacts_.Write());
  KITH_RETURN_IF_ERROR(mysql::AddRequest(tx_, key_, completed.Encode()));
  return completed;
}

absl::Status CompletionRun::CheckSeen() {
  for (const v1::ThreadStateChange& change : request_.threads()) {
    KITH_ASSIGN_OR_RETURN(const ThreadRow* const row, Thread(change));
    const v1::Thread thread = ShowThread(*row);
    if (change.etag().empty() || change.etag() == thread.etag()) continue;
    return SomethingNewerError(change, row->stored);
  }
  return absl::OkStatus();
}

absl::Status CompletionRun::Record(Completed& completed) {
  KITH_ASSIGN_OR_RETURN(const std::vector<Recording::Result> results,
                        recording_.Run());
  for (const Recording::Result& result : results) {
    KITH_RETURN_IF_ERROR(result.status());
    completed.recorded = Location::Of(result->interaction());
  }
  return absl::OkStatus();
}

absl::Status CompletionRun::MoveThreads() {
  for (const v1::ThreadStateChange& change : request_.threads()) {
    if (change.state() == v1::THREAD_STATE_UNSPECIFIED) continue;
    KITH_ASSIGN_OR_RETURN(ThreadRow* const row, Thread(change));
    SetMark(change.state(), change.resolution(), tx_.now, row->stored);
    ShowFold(row->stored);
  }
  return contacts_.WriteThreads();
}

absl::Status CompletionRun::EndActions() {
  for (const v1::ActionName& name : request_.actions()) {
    const Uuid contact_id = *Uuid::Parse(name.contact_id());
    KITH_ASSIGN_OR_RETURN(
        const StoredAction* const stored,
        contacts_.actions().Find(contact_id, *Uuid::Parse(name.action_id())));
    // It has ended, by what was recorded or by somebody else.
    if (stored == nullptr) continue;
    KITH_RETURN_IF_ERROR(
        CheckThreadIsAnswered(contact_id, *stored, contacts_.threads()));
    v1::ActionEnd end;
    end.set_agent(request_.agent());
    KITH_RETURN_IF_ERROR(contacts_.actions().End(
        contact_id, stored->cause_key(), v1::ACTION_STATE_DONE, end));
  }
  return absl::OkStatus();
}

absl::Status CompletionRun::OpenNext(int64_t micros) {
  for (int i = 0; i < request_.next_size(); ++i) {
    const v1::Action& next = request_.next(i);
    KITH_RETURN_IF_ERROR(InNext(i, CheckThread(next, contacts_.threads())));
    KITH_RETURN_IF_ERROR(
        InNext(i, contacts_.actions()
                      .Create(*Uuid::Parse(next.contact_id()),
                              NextId(key_, micros, i), next, "", {})
                      .status()));
  }
  return absl::OkStatus();
}

absl::Status CompletionRun::Show(Completed& completed) {
  KITH_ASSIGN_OR_RETURN(completed.actions, ShowNamed(tx_, request_.actions(),
                                                     contacts_.actions()));
  google::protobuf::RepeatedPtrField<v1::ActionName> names;
  for (int i = 0; i < request_.next_size(); ++i) {
    v1::ActionName& name = *names.Add();
    name.set_contact_id(request_.next(i).contact_id());
    name.set_action_id(NextId(key_, completed.micros, i).ToString());
  }
  KITH_ASSIGN_OR_RETURN(completed.next,
                        ShowNamed(tx_, names, contacts_.actions()));
  return absl::OkStatus();
}

absl::StatusOr<v1::CompleteActionsResponse> AnswerOf(
    const Tx& tx, const v1::CompleteActionsRequest& request,
    const Completed& completed) {
  v1::CompleteActionsResponse response;
  response.mutable_actions()->Add(completed.actions.begin(),
                                  completed.actions.end());
  response.mutable_next()->Add(completed.next.begin(), completed.next.end());
  if (completed.recorded.has_value()) {
    KITH_ASSIGN_OR_RETURN(std::optional<v1::Interaction> recorded,
                          FindInteraction(tx, *completed.recorded));
    // A repeat does not find one to which a correction has given another time.
    if (recorded.has_value()) {
      *response.mutable_interaction() = *std::move(recorded);
    }
  }
  for (const v1::ThreadStateChange& change : request.threads()) {
    KITH_ASSIGN_OR_RETURN(
        const ThreadRow row,
        ThreadStore().Get(tx, *Uuid::Parse(change.thread_id())));
    *response.add_threads() = ShowThread(row);
  }
  return response;
}

// What the gateway finds of consent, and of the group, may differ when the
// caller repeats it; so it may not be allowed any more.
mysql::IdempotencyKey RepeatKeyOf(const Tx& tx,
                                  v1::CompleteActionsRequest request) {
  if (request.has_interaction()) {
    request.mutable_interaction()->clear_contact_violation();
  }
  request.clear_member_ids();
  request.clear_repeats_only();
  mysql::IdempotencyKey key = mysql::KeyOf(tx, request);
  if (request.request_id().empty() &&
      !request.interaction().external_id().empty()) {
    key.request_id = ExternalRequestId(request.interaction());
  }
  return key;
}

}  // namespace

absl::StatusOr<v1::CompleteActionsResponse> CompleteActions(
    const Tx& tx, const v1::CompleteActionsRequest& request) {
  const mysql::IdempotencyKey key = RepeatKeyOf(tx, request);
  v1::RecordInteractionRequest record;
  *record.mutable_interaction() = request.interaction();
  *record.mutable_member_ids() = request.member_ids();
  std::vector<RecordItem> items;
  // The whole request is known by its request_id.
  if (request.has_interaction()) items.push_back(MakeItem(tx, record));
  Completed completed;
  const absl::Status done = mysql::Transact(tx, [&]() -> absl::Status {
    KITH_ASSIGN_OR_RETURN(completed,
                          CompletionRun(tx, request, key, items).Run());
    return absl::OkStatus();
  });
  NoteCapped(done);
  KITH_RETURN_IF_ERROR(done);
  return AnswerOf(tx, request, completed);
}

}  // namespace kith::interactions
