#ifndef KITH_GATEWAY_CALLS_BATCH_RULES_H_
#define KITH_GATEWAY_CALLS_BATCH_RULES_H_

#include <algorithm>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "kith/contacts/v1/contact.pb.h"
#include "kith/identity/v1/identity.pb.h"
#include "kith/interactions/v1/interaction.pb.h"
#include "kith/interactions/v1/summary.pb.h"
#include "kith/internal/v1/encoded.pb.h"

namespace kith::gateway {

// The rules by which the calls of each method are joined and their answer is
// split; BatchedCalls describes what a rule has.

// Most items of a batch; few enough that a service is soon done with it.
inline constexpr int kMaxBatchedItems = 64;

// For methods that return a result for each of `Own::Parts(request)`, in the
// same order.
template <typename Own, typename RequestType, typename ResponseType>
struct BatchByPlace {
  using Request = RequestType;
  using Response = ResponseType;

  static constexpr int kMaxItems = kMaxBatchedItems;

  class Splitter {
   public:
    explicit Splitter(Response whole) : whole_(std::move(whole)) {}

    absl::StatusOr<Response> Next(const Request& part) {
      Response response;
      bool complete = true;
      for (int n = Own::Parts(part).size(); n > 0; --n) {
        if (next_ == whole_.results_size()) {
          return absl::UnknownError("fewer results than were asked for");
        }
        auto& result = *whole_.mutable_results(next_++);
        complete &= Own::IsComplete(part, result);
        *response.add_results() = std::move(result);
      }
      if (!complete) return absl::UnknownError("cut short by its neighbours");
      return response;
    }

   private:
    Response whole_;
    int next_ = 0;
  };
};

// For methods that return a result for each of `requests`.
template <typename RequestType, typename ResponseType>
struct BatchRequests : BatchByPlace<BatchRequests<RequestType, ResponseType>,
                                    RequestType, ResponseType> {
  static int Items(const RequestType& request) {
    return request.requests_size();
  }
  static bool Match(const RequestType&, const RequestType&) { return true; }
  static void Append(const RequestType& part, RequestType& whole) {
    whole.mutable_requests()->MergeFrom(part.requests());
  }
  static const auto& Parts(const RequestType& request) {
    return request.requests();
  }
  template <typename Result>
  static bool IsComplete(const RequestType&, const Result&) {
    return true;
  }
};

using BatchResolves =
    BatchRequests<identity::v1::BatchResolveIdentitiesRequest,
                  identity::v1::BatchResolveIdentitiesResponse>;
using BatchClaims = BatchRequests<identity::v1::BatchClaimIdentitiesRequest,
                                  identity::v1::BatchClaimIdentitiesResponse>;
using BatchEnsures = BatchRequests<contacts::v1::BatchEnsureContactsRequest,
                                   contacts::v1::BatchEnsureContactsResponse>;
using BatchLookups =
    BatchRequests<interactions::v1::BatchFindRecordingsRequest,
                  interactions::v1::BatchFindRecordingsResponse>;
using BatchRecords =
    BatchRequests<interactions::v1::BatchRecordInteractionsRequest,
                  interactions::v1::BatchRecordInteractionsResponse>;

// For methods that return a result for each of `sets`, which are sets of
// contacts.
template <typename Own, typename RequestType, typename ResponseType>
struct BatchSets : BatchByPlace<Own, RequestType, ResponseType> {
  static int Items(const RequestType& request) {
    int ids = 0;
    for (const auto& set : request.sets()) ids += set.contact_ids_size();
    return ids;
  }
  static void Append(const RequestType& part, RequestType& whole) {
    if (whole.sets().empty()) {
      whole = part;
    } else {
      whole.mutable_sets()->MergeFrom(part.sets());
    }
  }
  static const auto& Parts(const RequestType& request) {
    return request.sets();
  }
};

struct BatchIdentities
    : BatchSets<BatchIdentities, identity::v1::ListIdentitiesRequest,
                identity::v1::ListIdentitiesResponse> {
  static bool Match(const Request& a, const Request& b) {
    return a.page_size() == b.page_size() &&
           a.include_past() == b.include_past() &&
           a.include_consents() == b.include_consents();
  }
  static bool IsComplete(const Request&, const Response::Result&) {
    return true;
  }
};

struct BatchActivity
    : BatchSets<BatchActivity, interactions::v1::BatchGetActivityRequest,
                internal::v1::EncodedActivity> {
  static bool Match(const Request& a, const Request& b) {
    return a.page_size() == b.page_size() &&
           std::equal(
               a.read_mask().paths().begin(), a.read_mask().paths().end(),
               b.read_mask().paths().begin(), b.read_mask().paths().end());
  }
  // An answer has a limited size, so a page may be shorter than asked for, and
  // threads and actions may be left out.
  static bool IsComplete(const Request& part, const Response::Result& result) {
    return (result.next_page_token().empty() ||
            result.interactions_size() == part.page_size()) &&
           !result.threads_cut() &&
           (!result.more_actions() || result.actions_size() == 50);
  }
};

struct BatchContacts {
  using Request = contacts::v1::BatchGetContactsRequest;
  using Response = contacts::v1::BatchGetContactsResponse;

  static constexpr int kMaxItems = kMaxBatchedItems;

  static int Items(const Request& request) {
    return request.contact_ids_size();
  }
  static bool Match(const Request&, const Request&) { return true; }
  static void Append(const Request& part, Request& whole) {
    // Each id once, since the answer is long if the contact's group is large.
    auto& ids = *whole.mutable_contact_ids();
    for (const std::string& id : part.contact_ids()) {
      if (std::find(ids.begin(), ids.end(), id) == ids.end()) *ids.Add() = id;
    }
  }

  class Splitter {
   public:
    explicit Splitter(Response whole) : whole_(std::move(whole)) {
      for (const contacts::v1::Contact& contact : whole_.contacts()) {
        by_id_.emplace(contact.contact_id(), &contact);
      }
      missing_.insert(whole_.missing_ids().begin(), whole_.missing_ids().end());
    }

    absl::StatusOr<Response> Next(const Request& part) {
      Response response;
      for (const std::string& id : part.contact_ids()) {
        if (const auto it = by_id_.find(id); it != by_id_.end()) {
          *response.add_contacts() = *it->second;
        } else if (missing_.contains(id)) {
          response.add_missing_ids(id);
        } else {
          return absl::UnknownError("neither found nor missing");
        }
      }
      return response;
    }

   private:
    Response whole_;
    absl::flat_hash_map<std::string, const contacts::v1::Contact*> by_id_;
    absl::flat_hash_set<std::string> missing_;
  };
};

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_CALLS_BATCH_RULES_H_
