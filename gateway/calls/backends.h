#ifndef KITH_GATEWAY_CALLS_BACKENDS_H_
#define KITH_GATEWAY_CALLS_BACKENDS_H_

#include <grpcpp/channel.h>

#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/request_context.h"
#include "common/rpc/client.h"
#include "gateway/calls/join_rules.h"
#include "gateway/calls/joined_calls.h"
#include "gateway/calls/joiner.h"
#include "gateway/calls/pending_call.h"
#include "gateway/calls/wire_call.h"
#include "grpc/health/v1/health.grpc.pb.h"
#include "kith/contacts/v1/contacts.grpc.pb.h"
#include "kith/identity/v1/identity.grpc.pb.h"
#include "kith/interactions/v1/interactions.grpc.pb.h"

namespace kith::gateway {

// The services behind the gateway, and how long it waits for them. Thread-safe.
class Backends {
 public:
  // `part_timeout`: for a part that a view can do without.
  Backends(std::shared_ptr<grpc::Channel> contacts,
           std::shared_ptr<grpc::Channel> identity,
           std::shared_ptr<grpc::Channel> interactions,
           absl::Duration part_timeout);

  ~Backends();

  using ContactsStub =
      contacts::v1::ContactsService::StubInterface::async_interface;
  using IdentityStub =
      identity::v1::IdentityService::StubInterface::async_interface;
  using InteractionsStub =
      interactions::v1::InteractionsService::StubInterface::async_interface;

  // Starts a call by the method of a service's generated `async` class:
  // Contacts(&ContactsStub::UpdateContact, request, context).
  template <typename Request, typename Response>
  PendingCall<Response> Contacts(
      AsyncMethod<ContactsStub, Request, Response> method, Request request,
      const base::RequestContext& context) const {
    return Start(contacts_->async(), method, std::move(request), context,
                 "contacts-svc");
  }

  template <typename Request, typename Response>
  PendingCall<Response> Identity(
      AsyncMethod<IdentityStub, Request, Response> method, Request request,
      const base::RequestContext& context) const {
    return Start(identity_->async(), method, std::move(request), context,
                 "identity-svc");
  }

  template <typename Request, typename Response>
  PendingCall<Response> Interactions(
      AsyncMethod<InteractionsStub, Request, Response> method, Request request,
      const base::RequestContext& context) const {
    return Start(interactions_->async(), method, std::move(request), context,
                 "interactions-svc");
  }

  // These may go out together with those of other flows: what nearly every
  // call of the gateway asks for.
  JoinedCalls<JoinContacts>& get_contacts() const { return *get_contacts_; }
  JoinedCalls<JoinEnsures>& ensure_contacts() const {
    return *ensure_contacts_;
  }
  JoinedCalls<JoinResolves>& resolve() const { return *resolve_; }
  JoinedCalls<JoinClaims>& claim() const { return *claim_; }
  JoinedCalls<JoinIdentities>& list_identities() const {
    return *list_identities_;
  }
  JoinedCalls<JoinActivity>& get_activity() const { return *get_activity_; }
  JoinedCalls<JoinLookups>& lookup_requests() const {
    return *lookup_requests_;
  }
  JoinedCalls<JoinRecords>& record_interactions() const {
    return *record_interactions_;
  }

  // The context for a part that can be missing: it ends after part_timeout, or
  // that again for each 500 `members` that it is of, and in any case while
  // there is time to answer without it.
  base::RequestContext ForPart(const base::RequestContext& context,
                               int64_t members) const;

  // Asks the services that every view needs whether they are serving, and
  // blocks while it does. UNAVAILABLE where one is not. Connects to the third,
  // so that the first view has not to wait for it.
  absl::Status Probe() const;

 private:
  template <typename Async, typename Request, typename Response>
  static PendingCall<Response> Start(
      Async* stub, AsyncMethod<Async, Request, Response> method,
      Request request, const base::RequestContext& context,
      absl::string_view peer) {
    auto call =
        std::make_shared<WireCall<Request, Response>>(std::move(request), peer);
    rpc::Prepare(context, Deadline(context), call->context());
    WireCall<Request, Response>::Start(call, stub, method);
    return PendingCall<Response>(std::move(call));
  }

  template <typename Rules, typename Async>
  std::unique_ptr<JoinedCalls<Rules>> Join(
      Async* stub,
      AsyncMethod<Async, typename Rules::Request, typename Rules::Response>
          method,
      absl::string_view peer);

  // Leaves time to answer the caller.
  static absl::Time Deadline(const base::RequestContext& context);

  const std::unique_ptr<grpc::health::v1::Health::StubInterface>
      contacts_health_;
  const std::unique_ptr<grpc::health::v1::Health::StubInterface>
      identity_health_;
  const std::shared_ptr<grpc::Channel> interactions_channel_;
  const std::unique_ptr<contacts::v1::ContactsService::StubInterface> contacts_;
  const std::unique_ptr<identity::v1::IdentityService::StubInterface> identity_;
  const std::unique_ptr<interactions::v1::InteractionsService::StubInterface>
      interactions_;
  const absl::Duration part_timeout_;
  JoinTimer timer_;
  const std::unique_ptr<JoinedCalls<JoinContacts>> get_contacts_;
  const std::unique_ptr<JoinedCalls<JoinEnsures>> ensure_contacts_;
  const std::unique_ptr<JoinedCalls<JoinResolves>> resolve_;
  const std::unique_ptr<JoinedCalls<JoinClaims>> claim_;
  const std::unique_ptr<JoinedCalls<JoinIdentities>> list_identities_;
  const std::unique_ptr<JoinedCalls<JoinActivity>> get_activity_;
  const std::unique_ptr<JoinedCalls<JoinLookups>> lookup_requests_;
  const std::unique_ptr<JoinedCalls<JoinRecords>> record_interactions_;
};

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_CALLS_BACKENDS_H_
