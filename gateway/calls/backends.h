#ifndef KITH_GATEWAY_CALLS_BACKENDS_H_
#define KITH_GATEWAY_CALLS_BACKENDS_H_

#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "common/base/request_context.h"
#include "common/rpc/client.h"
#include "common/rpc/link.h"
#include "common/trace/call_span.h"
#include "gateway/calls/activity_stub.h"
#include "gateway/calls/batch_rules.h"
#include "gateway/calls/batched_calls.h"
#include "gateway/calls/batcher.h"
#include "gateway/calls/own_advertising.h"
#include "gateway/calls/peer.h"
#include "gateway/calls/pending_call.h"
#include "gateway/calls/service_key.h"
#include "gateway/calls/wire_call.h"
#include "grpc/health/v1/health.grpc.pb.h"
#include "kith/contacts/v1/contacts_service.grpc.pb.h"
#include "kith/identity/v1/identity_service.grpc.pb.h"
#include "kith/interactions/v1/interactions_service.grpc.pb.h"

namespace kith::gateway {

// The services behind the gateway: their stubs, the batchers of the most
// frequent calls, and how long to wait. Thread-safe.
class Backends {
 public:
  // `part_timeout` is the time for a part that a view can be sent without. At
  // most `calls_per_service` calls wait for one service. `service_key_file` has
  // the token of the gateway's own key, with which it forwards calls of public
  // forms and records advertising; where empty, the services refuse those.
  Backends(const std::shared_ptr<rpc::Link>& contacts,
           const std::shared_ptr<rpc::Link>& identity,
           const std::shared_ptr<rpc::Link>& interactions,
           absl::Duration part_timeout, int calls_per_service,
           std::string service_key_file = "");

  ~Backends();

  // How long a service cannot be reached until Probe renews its link.
  static constexpr absl::Duration kRenewEach = absl::Seconds(5);

  using ContactsStub =
      contacts::v1::ContactsService::StubInterface::async_interface;
  using IdentityStub =
      identity::v1::IdentityService::StubInterface::async_interface;
  using InteractionsStub =
      interactions::v1::InteractionsService::StubInterface::async_interface;

  // Starts a call of a service by a method of its generated `async` class:
  // Contacts(&ContactsStub::UpdateContact, request, context). Its deadline is a
  // little before that of `context`.
  template <typename Request, typename Response>
  PendingCall<Response> Contacts(
      AsyncMethod<ContactsStub, Request, Response> method, Request request,
      const base::RequestContext& context) const {
    return Start(contacts_peer_, contacts_.get()->async(), method,
                 std::move(request), context);
  }

  template <typename Request, typename Response>
  PendingCall<Response> Identity(
      AsyncMethod<IdentityStub, Request, Response> method, Request request,
      const base::RequestContext& context) const {
    return Start(identity_peer_, identity_.get()->async(), method,
                 std::move(request), context);
  }

  template <typename Request, typename Response>
  PendingCall<Response> Interactions(
      AsyncMethod<InteractionsStub, Request, Response> method, Request request,
      const base::RequestContext& context) const {
    return Start(interactions_peer_, interactions_.get()->async(), method,
                 std::move(request), context);
  }

  // The most frequent calls; those of several flows may be sent together.
  BatchedCalls<BatchContacts>& get_contacts() const { return *get_contacts_; }
  BatchedCalls<BatchEnsures>& ensure_contacts() const {
    return *ensure_contacts_;
  }
  BatchedCalls<BatchResolves>& resolve() const { return *resolve_; }
  BatchedCalls<BatchClaims>& claim() const { return *claim_; }
  BatchedCalls<BatchIdentities>& list_identities() const {
    return *list_identities_;
  }
  BatchedCalls<BatchActivity>& get_activity() const { return *get_activity_; }
  BatchedCalls<BatchLookups>& lookup_requests() const {
    return *lookup_requests_;
  }
  BatchedCalls<BatchRecords>& record_interactions() const {
    return *record_interactions_;
  }

  // Returns the credential of the gateway's own key; "" if there is none.
  std::string OwnAuthorization() const { return service_key_.Authorization(); }

  // Returns the context for a part that may be missing. It ends after
  // part_timeout for each 500 `members`, and never after `context`. A call with
  // it ends early enough to answer without the part.
  base::RequestContext ForPart(const base::RequestContext& context,
                               int64_t members) const;

  // Gives up the calls that wait for a silent service. Then asks contacts-svc,
  // and until it was there once identity-svc, whether they serve. Blocks until
  // they answer, at most a second each. UNAVAILABLE if one does not serve. Also
  // asks interactions-svc, and later identity-svc, whatever they answer and at
  // most for a tenth of a second each, so that the first view does not wait for
  // the connection. Renews the link to one that could not be reached for
  // kRenewEach. Reads the file of the gateway's own key again, so that the key
  // can be changed while the gateway runs. For one thread.
  absl::Status Probe();

 private:
  using HealthStub = rpc::LinkedStub<grpc::health::v1::Health>;

  // A service, as Probe sees it.
  struct Probed {
    explicit Probed(std::shared_ptr<rpc::Link> to)
        : link(std::move(to)), health(link) {}

    const std::shared_ptr<rpc::Link> link;
    HealthStub health;
    // When it was last reached, or its link was renewed.
    absl::Time reached = absl::Now();
  };

  // Asks whether a service serves, at most so long.
  static absl::Status Check(Probed& probed, const char* name,
                            absl::Duration most);

  template <typename Async, typename Request, typename Response>
  PendingCall<Response> Start(Peer& peer, Async* stub,
                              AsyncMethod<Async, Request, Response> method,
                              Request request,
                              const base::RequestContext& context) const {
    auto place = peer.Enter();
    if (!place.ok()) return PendingCall<Response>::Failed(place.status());
    if (!trace::IsRecorded(context)) {
      return Send(peer, *std::move(place), trace::Span(), stub, method,
                  std::move(request), context);
    }
    trace::Span span =
        trace::StartCall(context, WireCall<Request, Response>::Method());
    base::RequestContext within = context;
    span.Enter(within);
    return Send(peer, *std::move(place), std::move(span), stub, method,
                std::move(request), within);
  }

  // A batch has no place and no span: its calls have one each.
  template <typename Async, typename Request, typename Response>
  PendingCall<Response> Send(Peer& peer, Peer::Place place, trace::Span span,
                             Async* stub,
                             AsyncMethod<Async, Request, Response> method,
                             Request request,
                             const base::RequestContext& context) const {
    const bool vouches = HasOwnAdvertising(request);
    auto call =
        std::make_shared<WireCall<Request, Response>>(std::move(request), peer);
    call->Hold(std::move(place));
    call->SetSpan(std::move(span));
    rpc::Prepare(context, Deadline(context), call->context());
    if (vouches || IsOfForm(context)) AddOwnKey(call->context());
    WireCall<Request, Response>::Start(call, stub, method);
    return PendingCall<Response>(std::move(call));
  }

  template <typename Rules, typename Service>
  std::unique_ptr<BatchedCalls<Rules>> MakeBatched(
      Peer& peer, rpc::LinkedStub<Service>& stub,
      AsyncMethod<typename Service::StubInterface::async_interface,
                  typename Rules::Request, typename Rules::Response>
          method);

  // Returns a deadline that leaves time to answer the caller.
  static absl::Time Deadline(const base::RequestContext& context);

  static bool IsOfForm(const base::RequestContext& context);

  // Adds the gateway's own credential to a call for a public form, or to one
  // that records advertising, and to no other. None of it comes from the
  // caller's metadata.
  void AddOwnKey(grpc::ClientContext& call) const;

  ServiceKey service_key_;
  mutable Peer contacts_peer_;
  mutable Peer identity_peer_;
  mutable Peer interactions_peer_;
  Probed contacts_probed_;
  Probed identity_probed_;
  Probed interactions_probed_;
  mutable rpc::LinkedStub<contacts::v1::ContactsService> contacts_;
  mutable rpc::LinkedStub<identity::v1::IdentityService> identity_;
  mutable rpc::LinkedStub<interactions::v1::InteractionsService> interactions_;
  mutable rpc::LinkedStub<ActivityStub> activity_;
  const absl::Duration part_timeout_;
  // identity-svc has served once.
  bool identity_was_there_ = false;
  BatchTimer timer_;
  const std::unique_ptr<BatchedCalls<BatchContacts>> get_contacts_;
  const std::unique_ptr<BatchedCalls<BatchEnsures>> ensure_contacts_;
  const std::unique_ptr<BatchedCalls<BatchResolves>> resolve_;
  const std::unique_ptr<BatchedCalls<BatchClaims>> claim_;
  const std::unique_ptr<BatchedCalls<BatchIdentities>> list_identities_;
  const std::unique_ptr<BatchedCalls<BatchActivity>> get_activity_;
  const std::unique_ptr<BatchedCalls<BatchLookups>> lookup_requests_;
  const std::unique_ptr<BatchedCalls<BatchRecords>> record_interactions_;
};

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_CALLS_BACKENDS_H_
