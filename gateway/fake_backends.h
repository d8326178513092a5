#ifndef KITH_GATEWAY_FAKE_BACKENDS_H_
#define KITH_GATEWAY_FAKE_BACKENDS_H_

#include <grpcpp/grpcpp.h>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "kith/contacts/v1/contacts.grpc.pb.h"
#include "kith/identity/v1/identity.grpc.pb.h"
#include "kith/interactions/v1/interactions.grpc.pb.h"

namespace kith::gateway {

// For tests of the flows: the calls that came in, by name, and those that are
// kept waiting.
class CallRecord {
 public:
  void Add(const std::string& name, const grpc::CallbackServerContext& call) {
    absl::MutexLock lock(&mutex_);
    names_.push_back(name);
    for (const auto& [key, value] : call.client_metadata()) {
      metadata_[std::string(key.data(), key.size())] =
          std::string(value.data(), value.size());
    }
  }

  std::vector<std::string> names() const {
    absl::MutexLock lock(&mutex_);
    return names_;
  }

  std::string metadata(const std::string& key) const {
    absl::MutexLock lock(&mutex_);
    const auto it = metadata_.find(key);
    return it == metadata_.end() ? "" : it->second;
  }

  void Hold(grpc::ServerUnaryReactor* reactor) {
    absl::MutexLock lock(&mutex_);
    held_.push_back(reactor);
  }

  void Release() {
    absl::MutexLock lock(&mutex_);
    for (auto* reactor : held_) reactor->Finish(grpc::Status::CANCELLED);
    held_.clear();
  }

 private:
  mutable absl::Mutex mutex_;
  std::vector<std::string> names_ ABSL_GUARDED_BY(mutex_);
  std::map<std::string, std::string> metadata_ ABSL_GUARDED_BY(mutex_);
  std::vector<grpc::ServerUnaryReactor*> held_ ABSL_GUARDED_BY(mutex_);
};

// What a faked method answers; empty: it never answers.
template <typename Request, typename Response>
using Answer = std::function<absl::Status(const Request&, Response&)>;

// contacts-svc, identity-svc and interactions-svc as the test says they are:
// each answer can be set.
struct FakeContacts final : contacts::v1::ContactsService::CallbackService {
  using BatchGet = Answer<contacts::v1::BatchGetContactsRequest,
                          contacts::v1::BatchGetContactsResponse>;
  using BatchEnsure = Answer<contacts::v1::BatchEnsureContactsRequest,
                             contacts::v1::BatchEnsureContactsResponse>;
  using ListSuggestionsAnswer = Answer<contacts::v1::ListSuggestionsRequest,
                                       contacts::v1::ListSuggestionsResponse>;
  using ConfirmAnswer = Answer<contacts::v1::ConfirmSuggestionRequest,
                               contacts::v1::ConfirmSuggestionResponse>;
  using RejectAnswer = Answer<contacts::v1::RejectSuggestionRequest,
                              contacts::v1::RejectSuggestionResponse>;

  using MergeAnswer =
      Answer<contacts::v1::MergeRequest, contacts::v1::MergeResponse>;
  using UnmergeAnswer =
      Answer<contacts::v1::UnmergeRequest, contacts::v1::UnmergeResponse>;
  using UnmergeByCauseAnswer = Answer<contacts::v1::UnmergeByCauseRequest,
                                      contacts::v1::UnmergeByCauseResponse>;
  using HistoryAnswer = Answer<contacts::v1::ListMergeHistoryRequest,
                               contacts::v1::ListMergeHistoryResponse>;

  explicit FakeContacts(CallRecord& record);
  ~FakeContacts() override;

  grpc::ServerUnaryReactor* BatchGetContacts(
      grpc::CallbackServerContext* call,
      const contacts::v1::BatchGetContactsRequest* request,
      contacts::v1::BatchGetContactsResponse* response) override;
  grpc::ServerUnaryReactor* ListSuggestions(
      grpc::CallbackServerContext* call,
      const contacts::v1::ListSuggestionsRequest* request,
      contacts::v1::ListSuggestionsResponse* response) override;
  grpc::ServerUnaryReactor* ConfirmSuggestion(
      grpc::CallbackServerContext* call,
      const contacts::v1::ConfirmSuggestionRequest* request,
      contacts::v1::ConfirmSuggestionResponse* response) override;
  grpc::ServerUnaryReactor* RejectSuggestion(
      grpc::CallbackServerContext* call,
      const contacts::v1::RejectSuggestionRequest* request,
      contacts::v1::RejectSuggestionResponse* response) override;
  grpc::ServerUnaryReactor* BatchEnsureContacts(
      grpc::CallbackServerContext* call,
      const contacts::v1::BatchEnsureContactsRequest* request,
      contacts::v1::BatchEnsureContactsResponse* response) override;

  grpc::ServerUnaryReactor* Merge(
      grpc::CallbackServerContext* call,
      const contacts::v1::MergeRequest* request,
      contacts::v1::MergeResponse* response) override;
  grpc::ServerUnaryReactor* Unmerge(
      grpc::CallbackServerContext* call,
      const contacts::v1::UnmergeRequest* request,
      contacts::v1::UnmergeResponse* response) override;
  grpc::ServerUnaryReactor* UnmergeByCause(
      grpc::CallbackServerContext* call,
      const contacts::v1::UnmergeByCauseRequest* request,
      contacts::v1::UnmergeByCauseResponse* response) override;
  grpc::ServerUnaryReactor* ListMergeHistory(
      grpc::CallbackServerContext* call,
      const contacts::v1::ListMergeHistoryRequest* request,
      contacts::v1::ListMergeHistoryResponse* response) override;

  CallRecord& record;
  BatchGet batch_get;
  ListSuggestionsAnswer list_suggestions;
  ConfirmAnswer confirm;
  RejectAnswer reject;
  BatchEnsure batch_ensure;
  MergeAnswer merge;
  UnmergeAnswer unmerge;
  UnmergeByCauseAnswer unmerge_by_cause;
  HistoryAnswer history;
};

struct FakeIdentity final : identity::v1::IdentityService::CallbackService {
  using BatchResolveAnswer = Answer<identity::v1::BatchResolveRequest,
                                    identity::v1::BatchResolveResponse>;
  using BatchClaimAnswer =
      Answer<identity::v1::BatchClaimRequest, identity::v1::BatchClaimResponse>;
  using ListAnswer = Answer<identity::v1::ListIdentitiesRequest,
                            identity::v1::ListIdentitiesResponse>;

  using LinkAnswer = Answer<identity::v1::LinkIdentityRequest,
                            identity::v1::LinkIdentityResponse>;
  using UnlinkAnswer = Answer<identity::v1::UnlinkIdentityRequest,
                              identity::v1::UnlinkIdentityResponse>;

  explicit FakeIdentity(CallRecord& record);
  ~FakeIdentity() override;

  grpc::ServerUnaryReactor* BatchResolve(
      grpc::CallbackServerContext* call,
      const identity::v1::BatchResolveRequest* request,
      identity::v1::BatchResolveResponse* response) override;
  grpc::ServerUnaryReactor* BatchClaim(
      grpc::CallbackServerContext* call,
      const identity::v1::BatchClaimRequest* request,
      identity::v1::BatchClaimResponse* response) override;
  grpc::ServerUnaryReactor* ListIdentities(
      grpc::CallbackServerContext* call,
      const identity::v1::ListIdentitiesRequest* request,
      identity::v1::ListIdentitiesResponse* response) override;
  grpc::ServerUnaryReactor* LinkIdentity(
      grpc::CallbackServerContext* call,
      const identity::v1::LinkIdentityRequest* request,
      identity::v1::LinkIdentityResponse* response) override;
  grpc::ServerUnaryReactor* UnlinkIdentity(
      grpc::CallbackServerContext* call,
      const identity::v1::UnlinkIdentityRequest* request,
      identity::v1::UnlinkIdentityResponse* response) override;

  CallRecord& record;
  BatchResolveAnswer batch_resolve;
  BatchClaimAnswer batch_claim;
  ListAnswer list;
  LinkAnswer link;
  UnlinkAnswer unlink;
};

struct FakeInteractions final
    : interactions::v1::InteractionsService::CallbackService {
  using ActivityAnswer = Answer<interactions::v1::BatchGetActivityRequest,
                                interactions::v1::BatchGetActivityResponse>;
  using LookupAnswer = Answer<interactions::v1::BatchLookupRequestsRequest,
                              interactions::v1::BatchLookupRequestsResponse>;
  using RecordAnswer =
      Answer<interactions::v1::BatchRecordInteractionsRequest,
             interactions::v1::BatchRecordInteractionsResponse>;

  explicit FakeInteractions(CallRecord& record);
  ~FakeInteractions() override;

  grpc::ServerUnaryReactor* BatchGetActivity(
      grpc::CallbackServerContext* call,
      const interactions::v1::BatchGetActivityRequest* request,
      interactions::v1::BatchGetActivityResponse* response) override;
  grpc::ServerUnaryReactor* BatchLookupRequests(
      grpc::CallbackServerContext* call,
      const interactions::v1::BatchLookupRequestsRequest* request,
      interactions::v1::BatchLookupRequestsResponse* response) override;
  grpc::ServerUnaryReactor* BatchRecordInteractions(
      grpc::CallbackServerContext* call,
      const interactions::v1::BatchRecordInteractionsRequest* request,
      interactions::v1::BatchRecordInteractionsResponse* response) override;

  CallRecord& record;
  ActivityAnswer activity;
  LookupAnswer lookup;
  RecordAnswer batch_record;
};

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_FAKE_BACKENDS_H_
