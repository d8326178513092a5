#include "identity-svc/identity_candidates.h"

#include <optional>
#include <utility>

#include "common/api/limits.h"
#include "common/base/times.h"
#include "common/base/uuid.h"
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
    if (open == nullptr || IsShared(*open)) continue;
    v1::Identity& identity = held[key] = identities.at(stored);
    Show(*open, identity);
  }
  return held;
}

v1::IdentityCandidate CandidateOf(v1::CandidateReason reason,
                                  const v1::Identity& own,
                                  const v1::Identity& other) {
  v1::IdentityCandidate candidate;
  *candidate.mutable_identity() = other;
  *candidate.mutable_own_identity() = own;
  candidate.set_reason(reason);
  return candidate;
}

absl::Status AddVariants(const Tx& tx, const std::vector<v1::Identity>& held,
                         CandidatesByKey& candidates) {
  // The keys of the variants, each with the identity whose variant it is.
  std::vector<std::pair<std::string, const v1::Identity*>> variants;
  std::vector<std::string> keys;
  for (const v1::Identity& identity : held) {
    const std::optional<v1::Identity> variant = VariantOf(identity);
    if (!variant.has_value()) continue;
    variants.emplace_back(variant->identity_key(), &identity);
    keys.push_back(variant->identity_key());
  }
  if (variants.empty()) return absl::OkStatus();
  KITH_ASSIGN_OR_RETURN(const HeldNow others, SelectHeldNow(tx, keys));
  for (const auto& [key, identity] : variants) {
    const auto other = others.find(key);
    if (other == others.end() ||
        other->second.contact_id() == identity->contact_id()) {
      continue;
    }
    candidates.emplace(identity->identity_key(),
                       CandidateOf(v1::CANDIDATE_REASON_PHONE_VARIANT,
                                   *identity, other->second));
  }
  return absl::OkStatus();
}

absl::Status AddFormerHolders(const Tx& tx,
                              const std::vector<v1::Identity>& held,
                              CandidatesByKey& candidates) {
  std::vector<std::string> keys;
  for (const v1::Identity& identity : held) {
    // The first holding has no start, and nobody before.
    if (identity.has_start_time()) keys.push_back(identity.identity_key());
  }
  if (keys.empty()) return absl::OkStatus();
  KITH_ASSIGN_OR_RETURN(const auto holdings, SelectHoldings(tx, keys));
  for (const v1::Identity& identity : held) {
    const auto found = holdings.find(identity.identity_key());
    const auto contact = base::Uuid::Parse(identity.contact_id());
    if (found == holdings.end() || !contact.has_value()) continue;
    for (const Holding& former : FormerHolders(
             found->second, *contact, base::ToMicros(identity.start_time()))) {
      v1::Identity other = identity;
      Show(former, other);
      candidates.emplace(
          identity.identity_key(),
          CandidateOf(v1::CANDIDATE_REASON_FORMER_HOLDER, identity, other));
    }
  }
  return absl::OkStatus();
}

// Adds as many candidates as a response has at most.
template <typename Candidates>
void AddTo(Candidates& answered, const CandidatesByKey& found,
           const std::string& key) {
  const auto [begin, end] = found.equal_range(key);
  for (auto it = begin; it != end; ++it) {
    if (answered.size() == api::kMaxIdentitiesPerTouch) return;
    *answered.Add() = it->second;
  }
}

// Of a response with one identity.
template <typename Response>
absl::Status AddCandidatesOfOne(const Tx& tx, Response& response) {
  KITH_ASSIGN_OR_RETURN(const CandidatesByKey found,
                        FindCandidates(tx, {response.identity()}));
  AddTo(*response.mutable_candidates(), found,
        response.identity().identity_key());
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<CandidatesByKey> FindCandidates(
    const Tx& tx, const std::vector<v1::Identity>& identities) {
  // A shared value is no evidence.
  std::vector<v1::Identity> held;
  for (const v1::Identity& identity : identities) {
    if (identity.stand_in_contact_id().empty()) held.push_back(identity);
  }
  CandidatesByKey candidates;
  KITH_RETURN_IF_ERROR(AddVariants(tx, held, candidates));
  KITH_RETURN_IF_ERROR(AddFormerHolders(tx, held, candidates));
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
  KITH_ASSIGN_OR_RETURN(const CandidatesByKey found, FindCandidates(tx, held));
  for (const v1::Identity& identity : held) {
    AddTo(*claimed.mutable_candidates(), found, identity.identity_key());
  }
  return absl::OkStatus();
}

absl::Status AddCandidates(const Tx& tx, v1::LinkIdentityResponse& linked) {
  return AddCandidatesOfOne(tx, linked);
}

absl::Status AddCandidates(const Tx& tx, v1::VerifyHoldingResponse& verified) {
  return AddCandidatesOfOne(tx, verified);
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
      AddTo(*response->mutable_identity_candidates(), found,
            candidate.identity().identity_key());
    }
  }
  return absl::OkStatus();
}

}  // namespace kith::identity
