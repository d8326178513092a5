#include "gateway/links/unsubscribe_flow.h"

#include <string>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/api/limits.h"
#include "common/api/violations.h"
#include "common/base/uuid.h"
#include "common/status/rpc_status.h"
#include "common/status/status_macros.h"
#include "gateway/links/one_click.h"

namespace kith::gateway {
namespace {

using identity::v1::BatchMayContactRequest;
using UnsubscribeRequest = v1::CreateUnsubscribeLinkRequest;

constexpr int kMaxLinks = 1'000;
constexpr int kMaxTopicCharacters = 100;

absl::Status CheckUnsubscribe(const UnsubscribeRequest& request) {
  api::Violations violations;
  violations.OptionalIdentityKey("identity_key", request.identity_key());
  if (!request.identity_key().empty() && request.has_value()) {
    violations.Add("value", "given beside identity_key, want one of them");
  }
  if (request.identity_key().empty() && !request.has_value() &&
      !request.customer().has_value()) {
    violations.Add("value", "not set, want the address of the e-mail");
  }
  if (request.purpose() != identity::v1::CONSENT_PURPOSE_MARKETING &&
      request.purpose() != identity::v1::CONSENT_PURPOSE_SALES &&
      request.purpose() != identity::v1::CONSENT_PURPOSE_SHARE) {
    violations.Add("purpose", "want MARKETING, SALES or SHARE");
  }
  violations.AtMost("topic", request.topic(), kMaxTopicCharacters);
  violations.OptionalUuid("interaction_id", request.interaction_id());
  return violations.ToStatus();
}

// A question whose answer has the value as it is stored, and its channel.
identity::v1::MayContactRequest ReadingOf(const UnsubscribeRequest& request,
                                          const contacts::v1::Contact& who) {
  identity::v1::MayContactRequest question;
  question.add_contact_ids(who.contact_id());
  question.set_purpose(request.purpose());
  if (request.has_value()) {
    *question.mutable_value() = request.value();
  } else if (!request.identity_key().empty()) {
    question.set_identity_key(request.identity_key());
  } else {
    *question.mutable_value() = request.customer().value();
  }
  return question;
}

std::string UuidBytes(const std::string& uuid) {
  const auto id = base::Uuid::Parse(uuid);
  return id.has_value() ? std::string(id->bytes()) : "";
}

}  // namespace

Task<absl::Status> UnsubscribeFlow::Create(
    const base::RequestContext& context, const UnsubscribeRequest& request,
    v1::UnsubscribeLink& response) const {
  v1::BatchCreateUnsubscribeLinksRequest batch;
  *batch.add_requests() = request;
  v1::BatchCreateUnsubscribeLinksResponse links;
  KITH_CO_RETURN_IF_ERROR(co_await BatchCreate(context, batch, links));
  auto& result = *links.mutable_results(0);
  if (result.has_error()) co_return status::FromProto(result.error());
  response = std::move(*result.mutable_link());
  co_return absl::OkStatus();
}

Task<absl::Status> UnsubscribeFlow::BatchCreate(
    const base::RequestContext& context,
    const v1::BatchCreateUnsubscribeLinksRequest& request,
    v1::BatchCreateUnsubscribeLinksResponse& response) const {
  api::Violations violations;
  violations.Count("requests", request.requests_size(), 1, kMaxLinks);
  KITH_CO_RETURN_IF_ERROR(violations.ToStatus());
  std::vector<Wanted> some;
  for (const UnsubscribeRequest& each : request.requests()) {
    auto& result = *response.add_results();
    const absl::Status valid = CheckUnsubscribe(each);
    if (valid.ok()) {
      some.push_back({&each, &result});
    } else {
      *result.mutable_error() = status::ToProto(valid);
    }
    if (some.size() == api::kMaxItemsPerCall) {
      KITH_CO_RETURN_IF_ERROR(
          co_await CreateSome(context, std::exchange(some, {})));
    }
  }
  if (some.empty()) co_return absl::OkStatus();
  co_return co_await CreateSome(context, std::move(some));
}

Task<absl::Status> UnsubscribeFlow::CreateSome(
    const base::RequestContext& context, std::vector<Wanted> all) const {
  std::vector<CustomerName> names;
  for (const Wanted& wanted : all) {
    // As MayContact, by which the e-mail may go to a shared address.
    names.push_back({"customer", &wanted.request->customer(),
                     /*means_stand_in=*/true});
  }
  KITH_CO_ASSIGN_OR_RETURN(
      auto found, co_await customers_.FindEach(context, std::move(names)));
  std::vector<Wanted> known;
  BatchMayContactRequest questions;
  for (size_t i = 0; i < all.size(); ++i) {
    if (!found[i].ok()) {
      *all[i].result->mutable_error() = status::ToProto(found[i].status());
      continue;
    }
    all[i].customer = *std::move(found[i]);
    *questions.add_requests() = ReadingOf(*all[i].request, all[i].customer);
    known.push_back(std::move(all[i]));
  }
  if (known.empty()) co_return absl::OkStatus();
  auto call = backends_.Identity(&Backends::IdentityStub::BatchMayContact,
                                 std::move(questions), context);
  KITH_CO_ASSIGN_OR_RETURN(const auto read, co_await call);
  for (size_t i = 0; i < known.size(); ++i) {
    auto link = LinkOf(context, known[i], read.results(static_cast<int>(i)));
    if (link.ok()) {
      *known[i].result->mutable_link() = *std::move(link);
    } else {
      *known[i].result->mutable_error() = status::ToProto(link.status());
    }
  }
  co_return absl::OkStatus();
}

absl::StatusOr<v1::UnsubscribeLink> UnsubscribeFlow::LinkOf(
    const base::RequestContext& context, const Wanted& wanted,
    const identity::v1::BatchMayContactResponse::Result& read) const {
  if (read.has_error()) return status::FromProto(read.error());
  if (links_ == nullptr) {
    return absl::FailedPreconditionError(
        "the gateway makes no links: it runs without --public_url or "
        "--link_keys_file");
  }
  const auto& permissions = read.response().permissions();
  if (permissions.empty() ||
      permissions[0].channel() != identity::v1::CHANNEL_EMAIL) {
    api::Violations violations;
    violations.Add("value",
                   "no e-mail address that is known, want one of the customer");
    return violations.ToStatus();
  }
  const std::string& key = permissions[0].identity_key();
  const int64_t now = absl::ToUnixSeconds(clock_.Now());
  internal::v1::UnsubscribeLinkBody body;
  body.set_tenant_id(context.tenant_id());
  body.set_contact_id(UuidBytes(wanted.customer.contact_id()));
  body.set_identity_key(absl::HexStringToBytes(key));
  body.set_purpose(wanted.request->purpose());
  body.set_topic(wanted.request->topic());
  body.set_issue_seconds(now);
  body.set_interaction_id(UuidBytes(wanted.request->interaction_id()));
  v1::UnsubscribeLink link;
  link.set_uri(links_->UriOf(links_->Sign(body)));
  link.set_list_unsubscribe(absl::StrCat("<", link.uri(), ">"));
  link.set_list_unsubscribe_post(kOneClick);
  link.set_contact_id(wanted.customer.contact_id());
  link.set_identity_key(key);
  link.mutable_issue_time()->set_seconds(now);
  return link;
}

}  // namespace kith::gateway
