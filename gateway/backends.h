#ifndef KITH_GATEWAY_BACKENDS_H_
#define KITH_GATEWAY_BACKENDS_H_

#include <grpcpp/channel.h>

#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/ops/request_context.h"
#include "gateway/pending_call.h"
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

  // Starts a call by the method of a service's generated `async` class:
  // Contacts(&ContactsStub::BatchGetContacts, request, context).
  using ContactsStub =
      contacts::v1::ContactsService::StubInterface::async_interface;
  using IdentityStub =
      identity::v1::IdentityService::StubInterface::async_interface;
  using InteractionsStub =
      interactions::v1::InteractionsService::StubInterface::async_interface;

  template <typename Request, typename Response>
  PendingCall<Response> Contacts(
      void (ContactsStub::*method)(grpc::ClientContext*, const Request*,
                                   Response*,
                                   std::function<void(grpc::Status)>),
      Request request, const ops::RequestContext& context) const {
    return PendingCall<Response>::Start(contacts_->async(), method,
                                        std::move(request), context,
                                        Deadline(context), "contacts-svc");
  }

  template <typename Request, typename Response>
  PendingCall<Response> Identity(
      void (IdentityStub::*method)(grpc::ClientContext*, const Request*,
                                   Response*,
                                   std::function<void(grpc::Status)>),
      Request request, const ops::RequestContext& context) const {
    return PendingCall<Response>::Start(identity_->async(), method,
                                        std::move(request), context,
                                        Deadline(context), "identity-svc");
  }

  template <typename Request, typename Response>
  PendingCall<Response> Interactions(
      void (InteractionsStub::*method)(grpc::ClientContext*, const Request*,
                                       Response*,
                                       std::function<void(grpc::Status)>),
      Request request, const ops::RequestContext& context) const {
    return PendingCall<Response>::Start(interactions_->async(), method,
                                        std::move(request), context,
                                        Deadline(context), "interactions-svc");
  }

  // The context for a part that can be missing: it ends after part_timeout,
  // and in any case while there is time to answer without it.
  ops::RequestContext ForPart(const ops::RequestContext& context) const;

  // Asks the services that every view needs whether they are serving, and
  // blocks while it does. UNAVAILABLE where one is not. Connects to the third,
  // so that the first view has not to wait for it.
  absl::Status Probe() const;

 private:
  // Leaves time to answer the caller.
  static absl::Time Deadline(const ops::RequestContext& context);

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
};

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_BACKENDS_H_
