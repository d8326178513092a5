#include "gateway/flows/touch_steps.h"

#include <set>

#include "absl/algorithm/container.h"
#include "gateway/flows/touch_consent.h"

namespace kith::gateway {

PendingCall<ReadContact> ReadStep::Ask(const std::string& contact_id) {
  auto state = std::make_shared<PendingCall<ReadContact>::State>();
  if (contact_id.empty()) {
    state->Complete(absl::NotFoundError("no contact"));
  } else {
    asked_.push_back({contact_id, state});
  }
  return PendingCall<ReadContact>(std::move(state));
}

Task<absl::Status> ReadStep::SendAndAnswer(
    const base::RequestContext& context) {
  const std::vector<Asked> sent = std::exchange(asked_, {});
  std::vector<std::string> ids;
  for (const Asked& asked : sent) ids.push_back(asked.contact_id);
  KITH_CO_ASSIGN_OR_RETURN(
      const ContactsById contacts,
      co_await customers_.GetContacts(context, std::move(ids)));
  for (const Asked& asked : sent) {
    const auto contact = contacts.find(asked.contact_id);
    if (contact == contacts.end()) {
      asked.state->Complete(absl::NotFoundError("no contact"));
    } else {
      const contacts::v1::Contact& found = contact->second;
      asked.state->Complete(
          ReadContact{.canonical_id = found.canonical_id(),
                      .stage = found.stage(),
                      .deleted = found.has_delete_time(),
                      .member_ids = {found.member_ids().begin(),
                                     found.member_ids().end()}});
    }
  }
  co_return absl::OkStatus();
}

PossibleReads::PossibleReads(const std::vector<std::string>& contact_ids,
                             ReadStep& step) {
  for (const std::string& id : contact_ids) {
    reads_.emplace_back(id, step.Ask(id));
  }
}

Task<int> PossibleReads::Answer(v1::RecordTouchResponse& response) {
  std::set<std::string> seen;
  for (auto& [id, read] : reads_) {
    const auto contact = co_await read;
    if (!contact.ok() || !seen.insert(contact->canonical_id).second) continue;
    v1::PossibleCustomer& customer = *response.add_possible_customers();
    customer.set_contact_id(id);
    customer.set_canonical_id(contact->canonical_id);
  }
  co_return response.possible_customers_size();
}

PendingCall<contacts::v1::MergeContactsResponse> MergeStep::Ask(
    contacts::v1::MergeContactsRequest request, bool once) {
  asked_.push_back({std::move(request), once, std::make_shared<State>()});
  return PendingCall<contacts::v1::MergeContactsResponse>(asked_.back().state);
}

Task<absl::StatusOr<bool>> MergeStep::WasMerged(
    const base::RequestContext& context,
    const contacts::v1::MergeContactsRequest& request) const {
  contacts::v1::ListMergeHistoryRequest list;
  list.set_contact_id(request.absorbed_ids(0));
  list.set_page_size(api::kMaxItemsPerCall);
  auto call = backends_.Contacts(&Backends::ContactsStub::ListMergeHistory,
                                 std::move(list), context);
  KITH_CO_ASSIGN_OR_RETURN(const auto history, co_await call);
  co_return absl::c_any_of(history.edges(), [&](const auto& edge) {
    return edge.absorbed_id() == request.absorbed_ids(0) &&
           edge.cause().kind() == request.cause().kind() &&
           edge.cause().value() == request.cause().value();
  });
}

Task<absl::Status> MergeStep::SendAndAnswer(
    const base::RequestContext& context) {
  std::vector<Asked> sent = std::exchange(asked_, {});
  // One after the other: they are rare, and a batch of touches must not flood
  // contacts-svc.
  for (Asked& asked : sent) {
    if (asked.once) {
      const auto was_merged = co_await WasMerged(context, asked.request);
      if (!was_merged.ok() || *was_merged) {
        asked.state->Complete(was_merged.ok() ? absl::FailedPreconditionError(
                                                    "merged once before")
                                              : was_merged.status());
        continue;
      }
    }
    auto call = backends_.Contacts(&Backends::ContactsStub::MergeContacts,
                                   std::move(asked.request), context);
    auto merged = co_await call;
    asked.state->Complete(std::move(merged));
  }
  co_return absl::OkStatus();
}

PendingCall<identity::v1::Consent> ConsentStep::Ask(
    identity::v1::RecordConsentRequest request, bool by_contact_id) {
  asked_.push_back(
      {std::move(request), by_contact_id, std::make_shared<State>()});
  return PendingCall<identity::v1::Consent>(asked_.back().state);
}

Task<absl::Status> ConsentStep::SendAndAnswer(
    const base::RequestContext& context) {
  // One after the other, as those that merge.
  std::vector<Asked> sent = std::exchange(asked_, {});
  for (Asked& asked : sent) {
    auto recorded =
        co_await RecordWord(backends_, customers_, context,
                            std::move(asked.request), asked.by_contact_id);
    asked.state->Complete(std::move(recorded));
  }
  co_return absl::OkStatus();
}

TouchSteps::TouchSteps(const Backends& backends, const CustomerFlow& customers,
                       absl::Time now)
    : begun(now),
      find(backends.lookup_requests()),
      resolve(backends.resolve()),
      read(customers),
      claim(backends.claim()),
      ensure(backends.ensure_contacts()),
      merge(backends),
      consent(backends, customers),
      record(backends.record_interactions()) {}

Task<absl::Status> TouchSteps::Run(const base::RequestContext& context) {
  find.Send(context);
  resolve.Send(context);
  KITH_CO_RETURN_IF_ERROR(co_await read.SendAndAnswer(context));
  KITH_CO_RETURN_IF_ERROR(co_await resolve.Answer());
  KITH_CO_RETURN_IF_ERROR(co_await find.Answer());
  KITH_CO_RETURN_IF_ERROR(co_await read.SendAndAnswer(context));
  KITH_CO_RETURN_IF_ERROR(co_await claim.SendAndAnswer(context));
  KITH_CO_RETURN_IF_ERROR(co_await ensure.SendAndAnswer(context));
  KITH_CO_RETURN_IF_ERROR(co_await read.SendAndAnswer(context));
  KITH_CO_RETURN_IF_ERROR(co_await merge.SendAndAnswer(context));
  KITH_CO_RETURN_IF_ERROR(co_await consent.SendAndAnswer(context));
  KITH_CO_RETURN_IF_ERROR(co_await record.SendAndAnswer(context));
  co_return co_await read.SendAndAnswer(context);
}

Task<absl::Status> TouchSteps::Finish(const base::RequestContext& context,
                                      const Backends& backends) const {
  if (base::IsByForm(context.principal->assurance)) co_return absl::OkStatus();
  co_await TakeBack(context, backends, refused);
  co_return co_await OpenReviews(context, backends, reviews);
}

}  // namespace kith::gateway
