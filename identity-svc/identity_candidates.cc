#include "identity-svc/identity_candidates.h"

#include <optional>
#include <utility>

#include "common/status/status_macros.h"
#include "identity-svc/holding_row.h"
#include "identity-svc/identity_row.h"
#include "identity-svc/values/value_reading.h"

namespace kith::identity {
namespace {

using mysql::Tx;

// What is stored of some identities: by the key that was asked for, with who
// holds it now.
using HeldNow = std::map<std::string, v1::Identity>;

// Keys without a holder are missing. Follows aliases.
absl::StatusOr<HeldNow> SelectHeldNow(const Tx& tx,
                                      const std::vector<std::string>& keys) {
  Aliases aliases;
  KITH_ASSIGN_OR_RETURN(auto identities, SelectIdentities(tx, keys, &aliases));
  std::vector<std::string> meant = keys;
  if (!aliases.empty()) {
    for (const auto& [alias, key] : aliases) meant.push_back(key);
    KITH_ASSIGN_OR_RETURN(identities, SelectIdentities(tx, meant));
  }
  KITH_ASSIGN_OR_RETURN(const auto holdings, SelectHoldings(tx, meant));
  HeldNow held;
  for (const std::string& key : keys) {
    const auto alias = aliases.find(key);
    const std::string& stored = alias == aliases.end() ? key : alias->second;
    const auto found = holdings.find(stored);
    if (found == holdings.end() || !identities.contains(stored)) continue;
    const Holding* const open = OpenHolding(found->second);
    if (open == nullptr) continue;
    v1::Identity& identity = held[key] = identities.at(stored);
    Show(*open, identity);
  }
  return held;
}

}  // namespace

absl::StatusOr<CandidatesByKey> FindCandidates(
    const Tx& tx, const std::vector<v1::Identity>& held) {
  CandidatesByKey candidates;
  // The keys of the variants, each with the identity whose variant it is.
  std::vector<std::pair<std::string, const v1::Identity*>> variants;
  std::vector<std::string> keys;
  for (const v1::Identity& identity : held) {
    const std::optional<v1::Identity> variant = VariantOf(identity);
    if (!variant.has_value()) continue;
    variants.emplace_back(variant->identity_key(), &identity);
    keys.push_back(variant->identity_key());
  }
  if (variants.empty()) return candidates;
  KITH_ASSIGN_OR_RETURN(const HeldNow others, SelectHeldNow(tx, keys));
  for (const auto& [key, identity] : variants) {
    const auto other = others.find(key);
    if (other == others.end() ||
        other->second.contact_id() == identity->contact_id()) {
      continue;
    }
    v1::IdentityCandidate candidate;
    *candidate.mutable_identity() = other->second;
    *candidate.mutable_own_identity() = *identity;
    candidate.set_reason(v1::CANDIDATE_REASON_PHONE_VARIANT);
    candidates.emplace(identity->identity_key(), std::move(candidate));
  }
  return candidates;
}

absl::Status AddCandidates(const Tx& tx, v1::ClaimIdentitiesResponse& claimed) {
  std::map<std::string, v1::Identity> own;
  for (const v1::ClaimedValue& value : claimed.values()) {
    if (value.outcome() == v1::CLAIM_OUTCOME_CLAIMED ||
        value.outcome() == v1::CLAIM_OUTCOME_HELD) {
      own.emplace(value.identity().identity_key(), value.identity());
    }
  }
  std::vector<v1::Identity> held;
  for (auto& [key, identity] : own) held.push_back(std::move(identity));
  KITH_ASSIGN_OR_RETURN(CandidatesByKey candidates, FindCandidates(tx, held));
  for (auto& [key, candidate] : candidates) {
    *claimed.add_candidates() = std::move(candidate);
  }
  return absl::OkStatus();
}

absl::Status AddCandidates(const Tx& tx, v1::LinkIdentityResponse& linked) {
  KITH_ASSIGN_OR_RETURN(CandidatesByKey candidates,
                        FindCandidates(tx, {linked.identity()}));
  for (auto& [key, candidate] : candidates) {
    *linked.add_candidates() = std::move(candidate);
  }
  return absl::OkStatus();
}

absl::Status AddCandidates(
    const Tx& tx, const std::vector<v1::ResolveIdentityResponse*>& resolved) {
  std::map<std::string, v1::Identity> distinct;
  for (const v1::ResolveIdentityResponse* response : resolved) {
    if (response->outcome() != v1::RESOLVE_OUTCOME_ONE) continue;
    for (const v1::Candidate& candidate : response->candidates()) {
      distinct.emplace(candidate.identity().identity_key(),
                       candidate.identity());
    }
  }
  std::vector<v1::Identity> held;
  for (auto& [key, identity] : distinct) held.push_back(std::move(identity));
  KITH_ASSIGN_OR_RETURN(const CandidatesByKey found, FindCandidates(tx, held));
  if (found.empty()) return absl::OkStatus();
  for (v1::ResolveIdentityResponse* const response : resolved) {
    if (response->outcome() != v1::RESOLVE_OUTCOME_ONE) continue;
    for (const v1::Candidate& candidate : response->candidates()) {
      const auto [begin, end] =
          found.equal_range(candidate.identity().identity_key());
      for (auto it = begin; it != end; ++it) {
        *response->add_identity_candidates() = it->second;
      }
    }
  }
  return absl::OkStatus();
}

}  // namespace kith::identity
