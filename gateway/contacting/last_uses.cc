#include "gateway/contacting/last_uses.h"

#include <utility>

#include "common/api/limits.h"

namespace kith::gateway {
namespace {

using interactions::v1::BatchFindLastUsesRequest;

constexpr int kMaxPhones = 1'000;

// Returns a request for the phones from `begin` on, as many as it takes.
BatchFindLastUsesRequest RequestFrom(size_t begin,
                                     const std::vector<AskedPhone>& phones) {
  BatchFindLastUsesRequest request;
  int ids = 0;
  for (size_t i = begin;
       i < phones.size() && request.questions_size() < kMaxPhones; ++i) {
    ids +=
        phones[i].member_ids->size() + (phones[i].stand_in_id.empty() ? 0 : 1);
    if (ids > api::kMaxGroupSize && i > begin) break;
    interactions::v1::LastUseQuestion& added = *request.add_questions();
    *added.mutable_contact_ids() = *phones[i].member_ids;
    if (!phones[i].stand_in_id.empty()) {
      added.add_contact_ids(phones[i].stand_in_id);
    }
    added.set_identity_key(phones[i].identity_key);
  }
  return request;
}

}  // namespace

Task<absl::Status> FindLastUses(const Backends& backends,
                                const base::RequestContext& context,
                                std::vector<AskedPhone> phones) {
  size_t done = 0;
  while (done < phones.size()) {
    auto call =
        backends.Interactions(&Backends::InteractionsStub::BatchFindLastUses,
                              RequestFrom(done, phones), context);
    KITH_CO_ASSIGN_OR_RETURN(auto found, co_await call);
    if (found.uses().empty()) {
      co_return absl::InternalError("interactions-svc: no last uses");
    }
    for (interactions::v1::LastUse& use : *found.mutable_uses()) {
      *phones[done++].use = std::move(use);
    }
  }
  co_return absl::OkStatus();
}

}  // namespace kith::gateway
