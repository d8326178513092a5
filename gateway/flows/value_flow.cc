#include "gateway/flows/value_flow.h"

#include <utility>
#include <vector>

#include "common/status/rpc_status.h"
#include "common/status/status_macros.h"
#include "gateway/flows/settled_reviews.h"
#include "kith/identity/v1/identity.pb.h"

namespace kith::gateway {
namespace {

// Asks who holds the value in one reading of it.
identity::v1::ResolveIdentityRequest ResolveOf(
    const identity::v1::Identity& identity) {
  identity::v1::ResolveIdentityRequest resolve;
  identity::v1::ChannelValue& value = *resolve.mutable_value();
  value.set_channel(identity.channel());
  value.set_namespace_(identity.namespace_());
  value.set_value(identity.value());
  return resolve;
}

}  // namespace

Task<absl::Status> ValueFlow::Read(const base::RequestContext& context,
                                   const v1::ReadValueRequest& request,
                                   v1::ReadValueResponse& response) const {
  identity::v1::ReadValueRequest read;
  *read.mutable_value() = request.value();
  auto reading = backends_.Identity(&Backends::IdentityStub::ReadValue,
                                    std::move(read), context);
  KITH_CO_ASSIGN_OR_RETURN(auto readings, co_await reading);
  identity::v1::BatchResolveIdentitiesRequest resolves;
  std::vector<v1::FoundReading*> asked;
  for (identity::v1::ValueReading& one : *readings.mutable_readings()) {
    v1::FoundReading& found = *response.add_readings();
    found.mutable_reading()->Swap(&one);
    if (!found.reading().refusal().empty()) continue;
    *resolves.add_requests() = ResolveOf(found.reading().identity());
    asked.push_back(&found);
  }
  if (asked.empty()) co_return absl::OkStatus();
  auto resolving = backends_.resolve().Call(std::move(resolves), context);
  KITH_CO_ASSIGN_OR_RETURN(auto resolved, co_await resolving);
  for (size_t i = 0; i < asked.size(); ++i) {
    auto& result = *resolved.mutable_results(static_cast<int>(i));
    if (result.has_error()) co_return status::FromProto(result.error());
    asked[i]->mutable_candidates()->Swap(
        result.mutable_response()->mutable_candidates());
  }
  co_return absl::OkStatus();
}

Task<absl::Status> ValueFlow::Quarantine(
    const base::RequestContext& context,
    const v1::QuarantineIdentityRequest& request,
    identity::v1::Identity& response) const {
  identity::v1::QuarantineIdentityRequest quarantine;
  *quarantine.mutable_value() = request.value();
  quarantine.set_reason(request.reason());
  auto call = backends_.Identity(&Backends::IdentityStub::QuarantineIdentity,
                                 std::move(quarantine), context);
  KITH_CO_ASSIGN_OR_RETURN(response, co_await call);
  co_return absl::OkStatus();
}

Task<absl::Status> ValueFlow::Release(const base::RequestContext& context,
                                      const v1::ReleaseIdentityRequest& request,
                                      identity::v1::Identity& response) const {
  identity::v1::ReleaseIdentityRequest release;
  *release.mutable_value() = request.value();
  release.set_reason(request.reason());
  auto call = backends_.Identity(&Backends::IdentityStub::ReleaseIdentity,
                                 std::move(release), context);
  KITH_CO_ASSIGN_OR_RETURN(response, co_await call);
  co_await DismissReviewsOfReleased(context, backends_, response);
  co_return absl::OkStatus();
}

}  // namespace kith::gateway
