// The methods of InteractionsService for what decides whether customers may be
// contacted.

#include "interactions-svc/contacting/contact_facts.h"
#include "interactions-svc/interactions_service.h"

namespace kith::interactions {

using grpc::CallbackServerContext;
using grpc::ServerUnaryReactor;

ServerUnaryReactor* InteractionsService::BatchGetContactFacts(
    CallbackServerContext* call, const v1::BatchGetContactFactsRequest* request,
    v1::BatchGetContactFactsResponse* reply) {
  return calls_.Run(call, request, reply, GetContactFacts);
}

ServerUnaryReactor* InteractionsService::BatchFindLastUses(
    CallbackServerContext* call, const v1::BatchFindLastUsesRequest* request,
    v1::BatchFindLastUsesResponse* reply) {
  return calls_.Run(call, request, reply, FindLastUses);
}

}  // namespace kith::interactions
