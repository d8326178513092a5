#ifndef KITH_GATEWAY_LINKS_UNSUBSCRIBE_FLOW_H_
#define KITH_GATEWAY_LINKS_UNSUBSCRIBE_FLOW_H_

#include <memory>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/clock.h"
#include "common/base/request_context.h"
#include "gateway/calls/backends.h"
#include "gateway/calls/task.h"
#include "gateway/flows/customer_flow.h"
#include "gateway/links/unsubscribe_links.h"
#include "kith/contacts/v1/contact.pb.h"
#include "kith/gateway/v1/consent.pb.h"
#include "kith/identity/v1/consent.pb.h"

namespace kith::gateway {

// Makes links of unsubscription for callers. Thread-safe.
class UnsubscribeFlow {
 public:
  // Without `links` no link can be made.
  UnsubscribeFlow(const Backends& backends, const CustomerFlow& customers,
                  const base::Clock& clock,
                  std::shared_ptr<const UnsubscribeLinks> links)
      : backends_(backends),
        customers_(customers),
        clock_(clock),
        links_(std::move(links)) {}

  // CreateUnsubscribeLink.
  Task<absl::Status> Create(const base::RequestContext& context,
                            const v1::CreateUnsubscribeLinkRequest& request,
                            v1::UnsubscribeLink& response) const;

  // BatchCreateUnsubscribeLinks. Takes a few calls for each 500 requests.
  Task<absl::Status> BatchCreate(
      const base::RequestContext& context,
      const v1::BatchCreateUnsubscribeLinksRequest& request,
      v1::BatchCreateUnsubscribeLinksResponse& response) const;

 private:
  // A request whose customer is to be found.
  struct Wanted {
    const v1::CreateUnsubscribeLinkRequest* request;
    v1::BatchCreateUnsubscribeLinksResponse::Result* result;
    contacts::v1::Contact customer = {};
  };

  // Answers at most 500 requests.
  Task<absl::Status> CreateSome(const base::RequestContext& context,
                                std::vector<Wanted> all) const;

  // The link of a request, whose value identity-svc has read.
  absl::StatusOr<v1::UnsubscribeLink> LinkOf(
      const base::RequestContext& context, const Wanted& wanted,
      const identity::v1::BatchMayContactResponse::Result& read) const;

  const Backends& backends_;
  const CustomerFlow& customers_;
  const base::Clock& clock_;
  const std::shared_ptr<const UnsubscribeLinks> links_;
};

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_LINKS_UNSUBSCRIBE_FLOW_H_
