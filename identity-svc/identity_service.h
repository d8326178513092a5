#ifndef KITH_IDENTITY_SVC_IDENTITY_SERVICE_H_
#define KITH_IDENTITY_SVC_IDENTITY_SERVICE_H_

#include "common/base/clock.h"
#include "common/server/pooled_calls.h"
#include "identity-svc/identity_reader.h"
#include "identity-svc/identity_store.h"
#include "kith/identity/v1/identity.grpc.pb.h"

namespace kith::identity {

// The RPCs of protos/kith/identity/v1/identity.proto: validates, asks the
// store or the reader, answers. Thread-safe.
class IdentityService final : public v1::IdentityService::CallbackService {
 public:
  // Both outlive the service.
  IdentityService(server::PooledCalls& calls, const base::Clock& clock)
      : calls_(calls), clock_(clock), store_(clock) {}

  grpc::ServerUnaryReactor* Claim(grpc::CallbackServerContext* call,
                                  const v1::ClaimRequest* request,
                                  v1::ClaimResponse* reply) override;

  grpc::ServerUnaryReactor* BatchClaim(grpc::CallbackServerContext* call,
                                       const v1::BatchClaimRequest* request,
                                       v1::BatchClaimResponse* reply) override;

  grpc::ServerUnaryReactor* Resolve(grpc::CallbackServerContext* call,
                                    const v1::ResolveRequest* request,
                                    v1::ResolveResponse* reply) override;

  grpc::ServerUnaryReactor* BatchResolve(
      grpc::CallbackServerContext* call, const v1::BatchResolveRequest* request,
      v1::BatchResolveResponse* reply) override;

  grpc::ServerUnaryReactor* ListIdentities(
      grpc::CallbackServerContext* call,
      const v1::ListIdentitiesRequest* request,
      v1::ListIdentitiesResponse* reply) override;

  grpc::ServerUnaryReactor* LinkIdentity(
      grpc::CallbackServerContext* call, const v1::LinkIdentityRequest* request,
      v1::LinkIdentityResponse* reply) override;

  grpc::ServerUnaryReactor* UnlinkIdentity(
      grpc::CallbackServerContext* call,
      const v1::UnlinkIdentityRequest* request,
      v1::UnlinkIdentityResponse* reply) override;

 private:
  server::PooledCalls& calls_;
  const base::Clock& clock_;
  const IdentityStore store_;
  const IdentityReader reader_{};
};

}  // namespace kith::identity

#endif  // KITH_IDENTITY_SVC_IDENTITY_SERVICE_H_
