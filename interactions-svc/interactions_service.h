#ifndef KITH_INTERACTIONS_SVC_INTERACTIONS_SERVICE_H_
#define KITH_INTERACTIONS_SVC_INTERACTIONS_SERVICE_H_

#include "common/base/clock.h"
#include "common/server/pooled_calls.h"
#include "interactions-svc/interaction_store.h"
#include "kith/interactions/v1/interactions.grpc.pb.h"

namespace kith::interactions {

// The RPCs of protos/kith/interactions/v1/interactions.proto: validates, asks
// the store, answers. Thread-safe.
class InteractionsService final
    : public v1::InteractionsService::CallbackService {
 public:
  // Both outlive the service.
  InteractionsService(server::PooledCalls& calls, const base::Clock& clock)
      : calls_(calls), clock_(clock), store_(clock) {}

  grpc::ServerUnaryReactor* RecordInteraction(
      grpc::CallbackServerContext* call,
      const v1::RecordInteractionRequest* request,
      v1::RecordInteractionResponse* reply) override;

  grpc::ServerUnaryReactor* BatchRecordInteractions(
      grpc::CallbackServerContext* call,
      const v1::BatchRecordInteractionsRequest* request,
      v1::BatchRecordInteractionsResponse* reply) override;

  grpc::ServerUnaryReactor* LookupRequest(
      grpc::CallbackServerContext* call,
      const v1::LookupRequestRequest* request,
      v1::LookupRequestResponse* reply) override;

  grpc::ServerUnaryReactor* BatchLookupRequests(
      grpc::CallbackServerContext* call,
      const v1::BatchLookupRequestsRequest* request,
      v1::BatchLookupRequestsResponse* reply) override;

  grpc::ServerUnaryReactor* ListInteractions(
      grpc::CallbackServerContext* call,
      const v1::ListInteractionsRequest* request,
      v1::ListInteractionsResponse* reply) override;

  grpc::ServerUnaryReactor* BatchGetActivity(
      grpc::CallbackServerContext* call,
      const v1::BatchGetActivityRequest* request,
      v1::BatchGetActivityResponse* reply) override;

 private:
  server::PooledCalls& calls_;
  const base::Clock& clock_;
  const InteractionStore store_;
};

}  // namespace kith::interactions

#endif  // KITH_INTERACTIONS_SVC_INTERACTIONS_SERVICE_H_
