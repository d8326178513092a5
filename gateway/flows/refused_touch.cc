#include "gateway/flows/refused_touch.h"

#include <utility>

#include "kith/contacts/v1/contact.pb.h"

namespace kith::gateway {
namespace {

// Whether it is known that nothing is recorded for the contact.
Task<bool> HasNoInteraction(const base::RequestContext& context,
                            const Backends& backends, std::string contact_id) {
  interactions::v1::ListInteractionsRequest list;
  list.add_sets()->add_contact_ids(std::move(contact_id));
  list.set_page_size(1);
  auto call = backends.Interactions(
      &Backends::InteractionsStub::ListInteractions, std::move(list), context);
  const auto listed = co_await call;
  co_return listed.ok() && listed->results_size() == 1 &&
      listed->results(0).interactions().empty();
}

}  // namespace

void AddIfRefused(
    const absl::StatusOr<interactions::v1::RecordInteractionResponse>& recorded,
    const v1::RecordTouchResponse& response, std::string etag,
    std::vector<RefusedTouch>& refused) {
  const bool is_refused =
      recorded.ok()
          ? recorded->interaction().contact_id() != response.contact_id()
          : absl::IsAlreadyExists(recorded.status()) ||
                absl::IsInvalidArgument(recorded.status());
  if (!is_refused || !response.contact_created() || etag.empty() ||
      !response.merged_visitor_ids().empty()) {
    return;
  }
  RefusedTouch& added = refused.emplace_back();
  added.contact_id = response.contact_id();
  added.etag = std::move(etag);
  for (const identity::v1::ClaimedValue& value : response.identities()) {
    if (value.outcome() != identity::v1::CLAIM_OUTCOME_CLAIMED) continue;
    added.values.push_back(value.value());
  }
}

Task<int> TakeBack(const base::RequestContext& context,
                   const Backends& backends,
                   const std::vector<RefusedTouch>& refused) {
  int deleted = 0;
  for (const RefusedTouch& touch : refused) {
    const bool is_empty =
        co_await HasNoInteraction(context, backends, touch.contact_id);
    if (!is_empty) continue;
    for (const identity::v1::ChannelValue& value : touch.values) {
      identity::v1::UnlinkIdentityRequest unlink;
      unlink.set_contact_id(touch.contact_id);
      *unlink.mutable_value() = value;
      auto call = backends.Identity(&Backends::IdentityStub::UnlinkIdentity,
                                    std::move(unlink), context);
      static_cast<void>(co_await call);
    }
    contacts::v1::DeleteContactRequest remove;
    remove.set_contact_id(touch.contact_id);
    remove.set_etag(touch.etag);
    auto call = backends.Contacts(&Backends::ContactsStub::DeleteContact,
                                  std::move(remove), context);
    const auto removed = co_await call;
    if (removed.ok()) ++deleted;
  }
  co_return deleted;
}

}  // namespace kith::gateway
