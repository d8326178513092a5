#ifndef KITH_GATEWAY_FAKE_CALL_H_
#define KITH_GATEWAY_FAKE_CALL_H_

#include <grpcpp/grpcpp.h>

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "common/rpc/grpc_status.h"

namespace kith::gateway {

// For tests of the flows: records the names and metadata of the calls that
// arrived, and holds the calls that the test leaves unanswered. Thread-safe.
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

// How a faked method answers; if empty, it never answers.
template <typename Request, typename Response>
using Answer = std::function<absl::Status(const Request&, Response&)>;

// Notes a call of a faked method, and answers it.
template <typename Request, typename Response>
grpc::ServerUnaryReactor* Play(const char* name, CallRecord& record,
                               const Answer<Request, Response>& answer,
                               grpc::CallbackServerContext* call,
                               const Request* request, Response* response) {
  record.Add(name, *call);
  grpc::ServerUnaryReactor* reactor = call->DefaultReactor();
  if (answer) {
    reactor->Finish(rpc::ToGrpc(answer(*request, *response)));
  } else {
    record.Hold(reactor);
  }
  return reactor;
}

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_FAKE_CALL_H_
