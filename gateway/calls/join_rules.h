#ifndef KITH_GATEWAY_CALLS_JOIN_RULES_H_
#define KITH_GATEWAY_CALLS_JOIN_RULES_H_

#include <algorithm>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "kith/contacts/v1/contacts.pb.h"
#include "kith/identity/v1/identity.pb.h"
#include "kith/interactions/v1/interactions.pb.h"

namespace kith::gateway {

// How the calls of each method are joined: see JoinedCalls.

// Few enough that a batch is soon done.
inline constexpr int kMostJoinedItems = 64;

// `Own::Items(request)` have each a result at the same place of the answer.
template <typename Own, typename RequestType, typename ResponseType>
struct JoinByPlace {
  using Request = RequestType;
  using Response = ResponseType;

  static constexpr int kMostItems = kMostJoinedItems;

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

// Each of the requests has a result.
template <typename RequestType, typename ResponseType>
struct JoinRequests : JoinByPlace<JoinRequests<RequestType, ResponseType>,
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

using JoinResolves = JoinRequests<identity::v1::BatchResolveRequest,
                                  identity::v1::BatchResolveResponse>;
using JoinClaims = JoinRequests<identity::v1::BatchClaimRequest,
                                identity::v1::BatchClaimResponse>;
using JoinEnsures = JoinRequests<contacts::v1::BatchEnsureContactsRequest,
                                 contacts::v1::BatchEnsureContactsResponse>;
using JoinLookups = JoinRequests<interactions::v1::BatchLookupRequestsRequest,
                                 interactions::v1::BatchLookupRequestsResponse>;
using JoinRecords =
    JoinRequests<interactions::v1::BatchRecordInteractionsRequest,
                 interactions::v1::BatchRecordInteractionsResponse>;

// Each of the sets of contacts has a result.
template <typename Own, typename RequestType, typename ResponseType>
struct JoinSets : JoinByPlace<Own, RequestType, ResponseType> {
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

struct JoinIdentities
    : JoinSets<JoinIdentities, identity::v1::ListIdentitiesRequest,
               identity::v1::ListIdentitiesResponse> {
  static bool Match(const Request& a, const Request& b) {
    return a.page_size() == b.page_size();
  }
  static bool IsComplete(const Request&, const Response::Result&) {
    return true;
  }
};

struct JoinActivity
    : JoinSets<JoinActivity, interactions::v1::BatchGetActivityRequest,
               interactions::v1::BatchGetActivityResponse> {
  static bool Match(const Request& a, const Request& b) {
    return a.page_size() == b.page_size() &&
           a.skip_summary() == b.skip_summary() &&
           a.skip_interactions() == b.skip_interactions();
  }
  // An answer holds only so many bytes, so that a page may be cut short.
  static bool IsComplete(const Request& part, const Response::Result& result) {
    return result.next_page_token().empty() ||
           result.interactions_size() == part.page_size();
  }
};

struct JoinContacts {
  using Request = contacts::v1::BatchGetContactsRequest;
  using Response = contacts::v1::BatchGetContactsResponse;

  static constexpr int kMostItems = kMostJoinedItems;

  static int Items(const Request& request) {
    return request.contact_ids_size();
  }
  static bool Match(const Request&, const Request&) { return true; }
  static void Append(const Request& part, Request& whole) {
    // Each once: an answer may be long where the contact is a great group.
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

#endif  // KITH_GATEWAY_CALLS_JOIN_RULES_H_
