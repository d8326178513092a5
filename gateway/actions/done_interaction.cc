#include "gateway/actions/done_interaction.h"

#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/api/violations.h"
#include "common/base/uuid.h"
#include "gateway/calls/field_faults.h"
#include "gateway/flows/consent_words.h"
#include "gateway/flows/touch_consent.h"
#include "kith/gateway/v1/touch.pb.h"

namespace kith::gateway {
namespace {

using Stub = Backends::InteractionsStub;

// The interaction as a touch of its contact, which says the same of consent.
v1::RecordTouchRequest AsTouch(const interactions::v1::Interaction& done,
                               const std::string& request_id) {
  v1::RecordTouchRequest touch;
  touch.set_contact_id(done.contact_id());
  *touch.mutable_interaction() = done;
  // Not that of a touch with the same request_id.
  touch.set_request_id(absl::StrCat("complete/", request_id));
  return touch;
}

}  // namespace

std::set<std::string> ContactsOf(const v1::CompleteActionsRequest& request) {
  std::set<std::string> ids;
  for (const auto& action : request.actions()) {
    ids.insert(absl::AsciiStrToLower(action.contact_id()));
  }
  return ids;
}

Task<absl::Status> CheckDone(const CustomerFlow& customers,
                             const base::RequestContext& context,
                             const v1::CompleteActionsRequest& request) {
  const std::set<std::string> known = ContactsOf(request);
  std::vector<std::pair<std::string, std::string>> named;
  const auto name = [&](std::string field, const std::string& id) {
    if (id.empty() || known.contains(absl::AsciiStrToLower(id))) return;
    named.emplace_back(std::move(field), id);
  };
  name("interaction.contact_id", request.interaction().contact_id());
  for (int i = 0; i < request.next_size(); ++i) {
    name(absl::StrCat("next[", i, "].contact_id"),
         request.next(i).contact_id());
  }
  api::Violations violations;
  if (request.interaction().kind() == interactions::v1::KIND_PURCHASE) {
    violations.Add("interaction.kind",
                   "PURCHASE, want RecordTouch for it, which makes a CUSTOMER");
  }
  std::vector<std::string> ids;
  for (const auto& [field, id] : named) {
    violations.Uuid(field, id);
    ids.push_back(id);
  }
  KITH_CO_RETURN_IF_ERROR(violations.ToStatus());
  KITH_CO_ASSIGN_OR_RETURN(const ContactsById contacts,
                           co_await customers.GetContacts(context, ids));
  for (const auto& [field, id] : named) {
    if (contacts.contains(base::Uuid::Parse(id)->ToString())) continue;
    co_return absl::NotFoundError(absl::StrCat(field, ": no contact ", id));
  }
  co_return absl::OkStatus();
}

Task<absl::StatusOr<std::string>> FindContact(
    const Backends& backends, const base::RequestContext& context,
    const v1::CompleteActionsRequest& request) {
  const interactions::v1::Interaction& done = request.interaction();
  if (!done.contact_id().empty()) co_return done.contact_id();
  if (done.thread_id().empty()) {
    co_return request.actions().empty() ? "" : request.actions(0).contact_id();
  }
  for (const auto& moved : request.threads()) {
    if (absl::EqualsIgnoreCase(moved.thread_id(), done.thread_id())) {
      co_return moved.contact_id();
    }
  }
  interactions::v1::GetThreadRequest get;
  get.set_thread_id(done.thread_id());
  get.set_page_size(1);
  auto call = backends.Interactions(&Stub::GetThread, std::move(get), context);
  const auto got = co_await call;
  if (got.ok()) co_return got->thread().contact_id();
  co_return RenameFields(got.status(), "thread_id", "interaction.thread_id");
}

Task<absl::StatusOr<PreparedDone>> PrepareDone(
    const Backends& backends, const CustomerFlow& customers,
    const PermissionFlow& permissions, const base::RequestContext& context,
    interactions::v1::CompleteActionsRequest& complete) {
  interactions::v1::Interaction& done = *complete.mutable_interaction();
  const std::string& request_id = complete.request_id();
  const v1::RecordTouchRequest touch = AsTouch(done, request_id);
  std::vector<const v1::RecordTouchRequest*> asked = {&touch};
  KITH_CO_ASSIGN_OR_RETURN(
      const std::vector<ConsentCheck> checks,
      co_await CheckConsents(permissions, context, std::move(asked)));
  PreparedDone prepared{.allowed = checks[0].allowed,
                        .opted_out = IsOptOut(done)};
  if (!prepared.allowed.ok()) {
    complete.set_repeats_only(true);
    co_return prepared;
  }
  done.set_contact_violation(checks[0].violation);
  complete.mutable_member_ids()->Add(checks[0].member_ids.begin(),
                                     checks[0].member_ids.end());
  // One without either is refused.
  if (request_id.empty() && done.external_id().empty()) {
    co_return PreparedDone();
  }
  TouchOwner owner;
  owner.contact_id = done.contact_id();
  owner.word_key = done.identity_key();
  auto word = ConsentWordOf(touch, owner, context.principal->assurance);
  if (!word.has_value()) co_return PreparedDone();
  if (word->consent().state() != identity::v1::CONSENT_STATE_REFUSED) {
    prepared.start = std::move(word);
    co_return prepared;
  }
  const auto recorded =
      co_await RecordWord(backends, customers, context, *std::move(word),
                          /*by_contact_id=*/true);
  KITH_CO_RETURN_IF_ERROR(recorded.status());
  co_return prepared;
}

Task<absl::Status> RecordStart(const Backends& backends,
                               const CustomerFlow& customers,
                               const base::RequestContext& context,
                               const PreparedDone& prepared) {
  if (!prepared.start.has_value()) co_return absl::OkStatus();
  const auto recorded =
      co_await RecordWord(backends, customers, context, *prepared.start,
                          /*by_contact_id=*/true);
  co_return StatusOfWord(prepared.start->consent(), recorded.status());
}

}  // namespace kith::gateway
