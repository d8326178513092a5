#include "tests/bench/hooks/lead_burst.h"

#include <algorithm>
#include <iterator>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "common/base/times.h"
#include "common/status/rpc_status.h"
#include "common/status/status_macros.h"
#include "kith/gateway/v1/customer_view.pb.h"
#include "tests/bench/hooks/hook_requests.h"
#include "tests/bench/http_connection.h"

namespace kith::bench {
namespace {

constexpr char kBurstPath[] = "/hooks/bench/burst";
// Each has its share of the senders, whose requests are all under way at once.
constexpr int kBurstThreads = 50;
constexpr int kViewsOfCall = 100;
static_assert(kLeadsOfBurst % kBurstThreads == 0);
static_assert(kLeadsOfBurst % kViewsOfCall == 0);
constexpr absl::Duration kBurstPatience = absl::Minutes(5);
// After no answer.
constexpr absl::Duration kSendAgain = absl::Seconds(5);

constexpr int kTaken = 204;
constexpr int kTooManyRequests = 429;
constexpr int kUnavailable = 503;

// Who has a lead to send.
struct Sender {
  uint64_t lead = 0;
  std::unique_ptr<HttpConnection> connection = nullptr;
  absl::Time at = absl::InfinitePast();
  bool is_sent = false;
};

// Reads the reply of a sender: true if it is a receipt. Otherwise it is noted
// when to come again.
absl::StatusOr<bool> HasReceipt(Sender& sender, LeadBurst& burst) {
  const auto reply = sender.is_sent
                         ? sender.connection->Receive()
                         : absl::StatusOr<HttpReply>(
                               absl::UnavailableError("it was not sent"));
  if (reply.ok() && reply->status == kTaken) return true;
  if (!reply.ok()) {
    ++burst.unanswered;
    sender.connection = nullptr;
    sender.at = absl::Now() + kSendAgain;
    return false;
  }
  if (reply->status == kTooManyRequests) {
    ++burst.too_many;
  } else if (reply->status == kUnavailable) {
    ++burst.not_kept;
  } else {
    return absl::InternalError(
        absl::StrCat("a form is answered status ", reply->status));
  }
  sender.at = absl::Now() + absl::Seconds(reply->retry_after_seconds);
  return false;
}

// Sends what is due at once, and then reads the replies: the next one to look
// at waits no longer than it would anyway.
absl::Status SendDue(std::vector<Sender>& senders, LeadBurst& burst) {
  const absl::Time now = absl::Now();
  const auto due =
      std::partition(senders.begin(), senders.end(),
                     [&](const Sender& sender) { return sender.at > now; });
  for (auto sender = due; sender != senders.end(); ++sender) {
    sender->is_sent =
        sender->connection != nullptr &&
        sender->connection->Send(FormRequest(kBurstPath, sender->lead)).ok();
  }
  std::vector<Sender> again(std::make_move_iterator(senders.begin()),
                            std::make_move_iterator(due));
  for (auto sender = due; sender != senders.end(); ++sender) {
    KITH_ASSIGN_OR_RETURN(const bool done, HasReceipt(*sender, burst));
    if (!done) again.push_back(std::move(*sender));
  }
  senders = std::move(again);
  return absl::OkStatus();
}

absl::Status ConnectAll(const std::string& http, std::vector<Sender>& senders) {
  for (Sender& sender : senders) {
    if (sender.connection != nullptr) continue;
    KITH_ASSIGN_OR_RETURN(sender.connection, HttpConnection::Open(http));
  }
  return absl::OkStatus();
}

// Sends until each sender has its receipt.
absl::Status SendAll(const std::string& http, std::vector<Sender> senders,
                     LeadBurst& burst) {
  const absl::Time give_up = absl::Now() + kBurstPatience;
  while (!senders.empty()) {
    if (absl::Now() > give_up) {
      return absl::InternalError("leads of the burst have no receipt");
    }
    KITH_RETURN_IF_ERROR(ConnectAll(http, senders));
    KITH_RETURN_IF_ERROR(SendDue(senders, burst));
    if (senders.empty()) break;
    const auto next = std::min_element(
        senders.begin(), senders.end(),
        [](const Sender& a, const Sender& b) { return a.at < b.at; });
    // Nothing but the clock tells when a sender is to come again.
    absl::SleepFor(next->at - absl::Now());
  }
  return absl::OkStatus();
}

// Puts together what the threads have seen. Thread-safe.
class BurstSum {
 public:
  void Add(const absl::Status& status, const LeadBurst& part) {
    const absl::MutexLock lock(&mutex_);
    failure_.Update(status);
    sum_.too_many += part.too_many;
    sum_.not_kept += part.not_kept;
    sum_.unanswered += part.unanswered;
  }

  absl::StatusOr<LeadBurst> Tell() {
    const absl::MutexLock lock(&mutex_);
    KITH_RETURN_IF_ERROR(failure_);
    return sum_;
  }

 private:
  absl::Mutex mutex_;
  absl::Status failure_ ABSL_GUARDED_BY(mutex_);
  LeadBurst sum_ ABSL_GUARDED_BY(mutex_);
};

// Adds what is known of a lead.
absl::Status AddLead(
    uint64_t lead,
    const gateway::v1::BatchGetCustomerViewsResponse::Result& result,
    LeadBurst& burst) {
  const gateway::v1::CustomerView& view = result.response().view();
  if (result.has_error() || view.interactions().empty() ||
      view.actions().empty()) {
    return absl::InternalError(absl::StrCat(
        "lead ", lead, " has no contact, interaction or action: ",
        result.has_error() ? status::FromProto(result.error()).ToString()
                           : "the view lacks it"));
  }
  if (view.interactions_size() > 1) ++burst.repeated;
  // The newest is at the front.
  const auto& earliest = *view.interactions().rbegin();
  burst.recorded.Record(base::FromProto(earliest.recorded_time()) -
                        burst.begin);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<LeadBurst> SendBurst(const std::string& http, uint64_t first) {
  std::vector<std::vector<Sender>> shares(kBurstThreads);
  for (int i = 0; i < kLeadsOfBurst; ++i) {
    shares[i % kBurstThreads].push_back({.lead = first + i});
  }
  for (std::vector<Sender>& share : shares) {
    KITH_RETURN_IF_ERROR(ConnectAll(http, share));
  }
  const absl::Time begin = absl::Now();
  BurstSum sum;
  std::vector<std::thread> threads;
  for (std::vector<Sender>& share : shares) {
    threads.emplace_back([&http, &share, &sum] {
      LeadBurst part;
      const absl::Status status = SendAll(http, std::move(share), part);
      sum.Add(status, part);
    });
  }
  for (std::thread& thread : threads) thread.join();
  KITH_ASSIGN_OR_RETURN(LeadBurst burst, sum.Tell());
  burst.receipts = absl::Now() - begin;
  burst.begin = begin;
  return burst;
}

absl::Status FindLeads(const Targets& targets, uint64_t first,
                       LeadBurst& burst) {
  for (int from = 0; from < kLeadsOfBurst; from += kViewsOfCall) {
    gateway::v1::BatchGetCustomerViewsRequest request;
    for (const char* const part : {"contact", "interactions", "actions"}) {
      request.mutable_read_mask()->add_paths(part);
    }
    for (int i = 0; i < kViewsOfCall; ++i) {
      *request.add_customers()->mutable_value() = LeadValue(first + from + i);
    }
    KITH_ASSIGN_OR_RETURN(
        const auto found,
        targets.Ask(&Targets::Gateway::StubInterface::BatchGetCustomerViews,
                    request));
    if (found.results_size() != kViewsOfCall) {
      return absl::InternalError("a batch of views lacks some");
    }
    for (int i = 0; i < kViewsOfCall; ++i) {
      KITH_RETURN_IF_ERROR(AddLead(first + from + i, found.results(i), burst));
    }
  }
  if (burst.repeated > burst.unanswered) {
    return absl::InternalError("leads were recorded more than once");
  }
  return absl::OkStatus();
}

}  // namespace kith::bench
