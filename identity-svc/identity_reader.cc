#include "identity-svc/identity_reader.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "common/base/times.h"
#include "common/status/status_macros.h"
#include "identity-svc/holding_row.h"
#include "identity-svc/identity_row.h"
#include "identity-svc/values/value_reading.h"

namespace kith::identity {
namespace {

using base::Uuid;
using mysql::Tx;

constexpr int32_t kMaxCandidates = 20;

// What is stored of a number of keys.
struct Stored {
  absl::flat_hash_map<std::string, Holdings> holdings;
  absl::flat_hash_map<std::string, v1::Identity> identities;
};

absl::StatusOr<Stored> Select(const Tx& tx, const std::set<std::string>& keys) {
  Stored stored;
  KITH_ASSIGN_OR_RETURN(stored.holdings,
                        SelectHoldings(tx, {keys.begin(), keys.end()}));
  std::vector<std::string> held;
  for (const auto& [key, holdings] : stored.holdings) held.push_back(key);
  KITH_ASSIGN_OR_RETURN(stored.identities, SelectIdentities(tx, held));
  return stored;
}

// The keys of all identities that the value may mean.
absl::StatusOr<std::vector<std::string>> KeysOf(const Tx& tx,
                                                const v1::ChannelValue& value) {
  std::vector<std::string> keys;
  for (const Reading& reading : ReadAny(value, *tx.context.principal->tenant)) {
    if (!reading.refusal.empty()) continue;
    const v1::Identity& identity = reading.identity;
    if (!identity.identity_key().empty()) {
      keys.push_back(identity.identity_key());
      continue;
    }
    KITH_ASSIGN_OR_RETURN(
        const std::vector<std::string> found,
        SelectKeysOfValue(tx, identity.channel(), identity.normalized_value(),
                          kMaxCandidates));
    keys.insert(keys.end(), found.begin(), found.end());
  }
  return keys;
}

const Holding* HoldingFor(const v1::ResolveIdentityRequest& request,
                          const Holdings& holdings) {
  return request.has_at_time()
             ? HolderAt(holdings, base::ToMicros(request.at_time()))
             : OpenHolding(holdings);
}

v1::ResolveIdentityResponse Answer(const v1::ResolveIdentityRequest& request,
                                   const std::vector<std::string>& keys,
                                   const Stored& stored) {
  v1::ResolveIdentityResponse response;
  std::set<std::string> contacts;
  for (const std::string& key : keys) {
    const auto holdings = stored.holdings.find(key);
    const auto identity = stored.identities.find(key);
    if (holdings == stored.holdings.end() ||
        identity == stored.identities.end()) {
      continue;
    }
    const Holding* const holding = HoldingFor(request, holdings->second);
    if (holding == nullptr) continue;
    if (response.candidates_size() == kMaxCandidates) break;
    v1::Candidate& candidate = *response.add_candidates();
    *candidate.mutable_identity() = identity->second;
    Show(*holding, *candidate.mutable_identity());
    candidate.set_reason(InWords(candidate.identity()));
    contacts.insert(candidate.identity().contact_id());
  }
  response.set_outcome(contacts.empty()       ? v1::RESOLVE_OUTCOME_NONE
                       : contacts.size() == 1 ? v1::RESOLVE_OUTCOME_ONE
                                              : v1::RESOLVE_OUTCOME_MANY);
  return response;
}

// Keys with the member that holds each, in order.
using HeldKeys = std::set<std::pair<std::string, Uuid>>;

// One more than `limit`, where there are so many.
absl::StatusOr<HeldKeys> SelectHeld(const Tx& tx, const MemberSet& set,
                                    int32_t limit) {
  HeldKeys held;
  const std::set<Uuid> members(set.contact_ids.begin(), set.contact_ids.end());
  for (const Uuid& member : members) {
    KITH_ASSIGN_OR_RETURN(
        std::vector<std::string> keys,
        SelectKeysOfContact(tx, member, set.after_key, limit + 1));
    for (std::string& key : keys) held.emplace(std::move(key), member);
    while (held.size() > static_cast<size_t>(limit) + 1) {
      held.erase(std::prev(held.end()));
    }
  }
  return held;
}

IdentityPage MakePage(HeldKeys held, const Stored& stored, int32_t limit) {
  IdentityPage page;
  if (held.size() > static_cast<size_t>(limit)) {
    held.erase(std::prev(held.end()));
    page.last_key = held.rbegin()->first;
  }
  for (const auto& [key, member] : held) {
    const auto holdings = stored.holdings.find(key);
    const auto identity = stored.identities.find(key);
    if (holdings == stored.holdings.end() ||
        identity == stored.identities.end()) {
      continue;
    }
    // The holding may have ended since the key was read.
    const Holding* const open = OpenHolding(holdings->second);
    if (open == nullptr || open->contact_id != member) continue;
    page.identities.push_back(identity->second);
    Show(*open, page.identities.back());
  }
  return page;
}

}  // namespace

absl::StatusOr<std::vector<v1::ResolveIdentityResponse>>
IdentityReader::Resolve(
    const Tx& tx,
    const std::vector<const v1::ResolveIdentityRequest*>& requests) const {
  std::vector<std::vector<std::string>> keys;
  std::set<std::string> all;
  for (const v1::ResolveIdentityRequest* request : requests) {
    KITH_ASSIGN_OR_RETURN(std::vector<std::string> found,
                          KeysOf(tx, request->value()));
    all.insert(found.begin(), found.end());
    keys.push_back(std::move(found));
  }
  KITH_ASSIGN_OR_RETURN(const Stored stored, Select(tx, all));
  std::vector<v1::ResolveIdentityResponse> responses;
  for (size_t i = 0; i < requests.size(); ++i) {
    responses.push_back(Answer(*requests[i], keys[i], stored));
  }
  return responses;
}

absl::StatusOr<std::vector<IdentityPage>> IdentityReader::List(
    const Tx& tx, const std::vector<MemberSet>& sets, int32_t limit) const {
  std::vector<HeldKeys> held;
  std::set<std::string> all;
  for (const MemberSet& set : sets) {
    KITH_ASSIGN_OR_RETURN(held.emplace_back(), SelectHeld(tx, set, limit));
    for (const auto& [key, member] : held.back()) all.insert(key);
  }
  KITH_ASSIGN_OR_RETURN(const Stored stored, Select(tx, all));
  std::vector<IdentityPage> pages;
  for (HeldKeys& keys : held) {
    pages.push_back(MakePage(std::move(keys), stored, limit));
  }
  return pages;
}

}  // namespace kith::identity
