#include "gateway/calls/backends.h"

#include <algorithm>
#include <string>

#include "absl/time/clock.h"
#include "common/status/status_macros.h"

namespace kith::gateway {
namespace {

using grpc::health::v1::Health;
using grpc::health::v1::HealthCheckRequest;
using grpc::health::v1::HealthCheckResponse;

// What it takes to put an answer together and send it.
constexpr absl::Duration kReserve = absl::Milliseconds(20);

// Whose parts can be had within one part_timeout: a seek for each.
constexpr int64_t kMembersPerCall = 500;

absl::Status Check(Health::StubInterface& health, const char* name) {
  grpc::ClientContext call;
  call.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(1)));
  HealthCheckResponse response;
  const grpc::Status status =
      health.Check(&call, HealthCheckRequest(), &response);
  if (status.ok() && response.status() == HealthCheckResponse::SERVING) {
    return absl::OkStatus();
  }
  return absl::UnavailableError(
      absl::StrCat(name, " is not serving",
                   // For the log, which a probe's answer goes to.
                   status.ok() ? "" : ": ", status.error_message()));
}

}  // namespace

Backends::Backends(const std::shared_ptr<grpc::Channel>& contacts,
                   const std::shared_ptr<grpc::Channel>& identity,
                   const std::shared_ptr<grpc::Channel>& interactions,
                   absl::Duration part_timeout)
    : contacts_health_(Health::NewStub(contacts)),
      identity_health_(Health::NewStub(identity)),
      interactions_channel_(interactions),
      contacts_(contacts::v1::ContactsService::NewStub(contacts)),
      identity_(identity::v1::IdentityService::NewStub(identity)),
      interactions_(
          interactions::v1::InteractionsService::NewStub(interactions)),
      part_timeout_(part_timeout),
      get_contacts_(MakeBatched<BatchContacts>(
          contacts_->async(), &ContactsStub::BatchGetContacts, "contacts-svc")),
      ensure_contacts_(MakeBatched<BatchEnsures>(
          contacts_->async(), &ContactsStub::BatchEnsureContacts,
          "contacts-svc")),
      resolve_(MakeBatched<BatchResolves>(identity_->async(),
                                          &IdentityStub::BatchResolveIdentities,
                                          "identity-svc")),
      claim_(MakeBatched<BatchClaims>(identity_->async(),
                                      &IdentityStub::BatchClaimIdentities,
                                      "identity-svc")),
      list_identities_(MakeBatched<BatchIdentities>(
          identity_->async(), &IdentityStub::ListIdentities, "identity-svc")),
      get_activity_(MakeBatched<BatchActivity>(
          interactions_->async(), &InteractionsStub::BatchGetActivity,
          "interactions-svc")),
      lookup_requests_(MakeBatched<BatchLookups>(
          interactions_->async(), &InteractionsStub::BatchFindRecordings,
          "interactions-svc")),
      record_interactions_(MakeBatched<BatchRecords>(
          interactions_->async(), &InteractionsStub::BatchRecordInteractions,
          "interactions-svc")) {
  timer_.Start({get_contacts_.get(), ensure_contacts_.get(), resolve_.get(),
                claim_.get(), list_identities_.get(), get_activity_.get(),
                lookup_requests_.get(), record_interactions_.get()});
}

Backends::~Backends() { timer_.Stop(); }

template <typename Rules, typename Async>
std::unique_ptr<BatchedCalls<Rules>> Backends::MakeBatched(
    Async* stub,
    AsyncMethod<Async, typename Rules::Request, typename Rules::Response>
        method,
    absl::string_view peer) {
  return std::make_unique<BatchedCalls<Rules>>(
      [=](typename Rules::Request request,
          const base::RequestContext& context) {
        return Start(stub, method, std::move(request), context, peer);
      },
      [this] { timer_.Arm(); });
}

base::RequestContext Backends::ForPart(const base::RequestContext& context,
                                       int64_t members) const {
  const int64_t times = (members + kMembersPerCall - 1) / kMembersPerCall;
  base::RequestContext part = context;
  part.deadline = std::min(context.deadline,
                           absl::Now() + times * part_timeout_ + kReserve);
  return part;
}

absl::Status Backends::Probe() const {
  interactions_channel_->GetState(/*try_to_connect=*/true);
  KITH_RETURN_IF_ERROR(Check(*contacts_health_, "contacts-svc"));
  return Check(*identity_health_, "identity-svc");
}

absl::Time Backends::Deadline(const base::RequestContext& context) {
  return context.deadline - kReserve;
}

}  // namespace kith::gateway
