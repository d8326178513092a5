#include "gateway/calls/backends.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/time/clock.h"
#include "common/rpc/call_gate.h"
#include "common/status/status_macros.h"

namespace kith::gateway {
namespace {

using grpc::health::v1::HealthCheckRequest;
using grpc::health::v1::HealthCheckResponse;

// What it takes to put an answer together and send it.
constexpr absl::Duration kReserve = absl::Milliseconds(20);

// Whose parts can be had within one part_timeout: a seek for each.
constexpr int64_t kMembersPerCall = 500;

// For an answer that counts, and for a connection.
constexpr absl::Duration kAnswer = absl::Seconds(1);
constexpr absl::Duration kConnect = absl::Milliseconds(100);

}  // namespace

Backends::Backends(const std::shared_ptr<rpc::Link>& contacts,
                   const std::shared_ptr<rpc::Link>& identity,
                   const std::shared_ptr<rpc::Link>& interactions,
                   absl::Duration part_timeout, int calls_per_service,
                   std::string service_key_file)
    : service_key_(std::move(service_key_file)),
      contacts_peer_("contacts-svc", calls_per_service),
      identity_peer_("identity-svc", calls_per_service),
      interactions_peer_("interactions-svc", calls_per_service),
      contacts_probed_(contacts),
      identity_probed_(identity),
      interactions_probed_(interactions),
      contacts_(contacts),
      identity_(identity),
      interactions_(interactions),
      activity_(interactions),
      part_timeout_(part_timeout),
      get_contacts_(MakeBatched<BatchContacts>(
          contacts_peer_, contacts_, &ContactsStub::BatchGetContacts)),
      ensure_contacts_(MakeBatched<BatchEnsures>(
          contacts_peer_, contacts_, &ContactsStub::BatchEnsureContacts)),
      resolve_(MakeBatched<BatchResolves>(
          identity_peer_, identity_, &IdentityStub::BatchResolveIdentities)),
      claim_(MakeBatched<BatchClaims>(identity_peer_, identity_,
                                      &IdentityStub::BatchClaimIdentities)),
      list_identities_(MakeBatched<BatchIdentities>(
          identity_peer_, identity_, &IdentityStub::ListIdentities)),
      get_activity_(MakeBatched<BatchActivity>(
          interactions_peer_, activity_, &ActivityStub::BatchGetActivity)),
      lookup_requests_(
          MakeBatched<BatchLookups>(interactions_peer_, interactions_,
                                    &InteractionsStub::BatchFindRecordings)),
      record_interactions_(MakeBatched<BatchRecords>(
          interactions_peer_, interactions_,
          &InteractionsStub::BatchRecordInteractions)) {
  timer_.Start({get_contacts_.get(), ensure_contacts_.get(), resolve_.get(),
                claim_.get(), list_identities_.get(), get_activity_.get(),
                lookup_requests_.get(), record_interactions_.get()});
}

Backends::~Backends() { timer_.Stop(); }

template <typename Rules, typename Service>
std::unique_ptr<BatchedCalls<Rules>> Backends::MakeBatched(
    Peer& peer, rpc::LinkedStub<Service>& stub,
    AsyncMethod<typename Service::StubInterface::async_interface,
                typename Rules::Request, typename Rules::Response>
        method) {
  return std::make_unique<BatchedCalls<Rules>>(
      peer,
      [this, &peer, &stub, method](typename Rules::Request request,
                                   const base::RequestContext& context) {
        return Send(peer, Peer::Place(), trace::Span(), stub.get()->async(),
                    method, std::move(request), context);
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

bool Backends::IsOfForm(const base::RequestContext& context) {
  return context.principal != nullptr &&
         base::IsByForm(context.principal->assurance);
}

void Backends::AddOwnKey(grpc::ClientContext& call) const {
  const std::string authorization = service_key_.Authorization();
  if (authorization.empty()) return;
  call.AddMetadata(rpc::kForwarderMetadata, authorization);
}

absl::Status Backends::Check(Probed& probed, const char* name,
                             absl::Duration most) {
  grpc::ClientContext call;
  call.set_deadline(absl::ToChronoTime(absl::Now() + most));
  HealthCheckResponse response;
  const grpc::Status status =
      probed.health.get()->Check(&call, HealthCheckRequest(), &response);
  const absl::Time now = absl::Now();
  // One that is silent has been reached.
  if (status.error_code() != grpc::StatusCode::UNAVAILABLE) {
    probed.reached = now;
  } else if (now - probed.reached >= kRenewEach) {
    probed.link->Renew();
    probed.reached = now;
  }
  if (status.ok() && response.status() == HealthCheckResponse::SERVING) {
    return absl::OkStatus();
  }
  return absl::UnavailableError(
      absl::StrCat(name, " is not serving",
                   // For the log, which a probe's answer goes to.
                   status.ok() ? "" : ": ", status.error_message()));
}

absl::Status Backends::Probe() {
  service_key_.Refresh();
  for (Peer* peer : {&contacts_peer_, &identity_peer_, &interactions_peer_}) {
    peer->GiveUpIfSilent();
  }
  // A call connects any channel; GetState fails on one within the process.
  Check(interactions_probed_, "interactions-svc", kConnect).IgnoreError();
  const absl::Status identity = Check(identity_probed_, "identity-svc",
                                      identity_was_there_ ? kConnect : kAnswer);
  KITH_RETURN_IF_ERROR(Check(contacts_probed_, "contacts-svc", kAnswer));
  if (!identity_was_there_) KITH_RETURN_IF_ERROR(identity);
  identity_was_there_ = true;
  return absl::OkStatus();
}

absl::Time Backends::Deadline(const base::RequestContext& context) {
  return context.deadline - kReserve;
}

}  // namespace kith::gateway
