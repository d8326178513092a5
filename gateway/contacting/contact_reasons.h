#ifndef KITH_GATEWAY_CONTACTING_CONTACT_REASONS_H_
#define KITH_GATEWAY_CONTACTING_CONTACT_REASONS_H_

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "kith/config/v1/config.pb.h"
#include "kith/gateway/v1/consent.pb.h"
#include "kith/identity/v1/consent.pb.h"
#include "kith/interactions/v1/contact_facts.pb.h"

namespace kith::gateway {

// Why a customer may be contacted or not, beside the customer's words: the
// rules of the tenant. Pure functions.

// Returns true if the rules say anything of contacts for the purpose, which
// only interactions-svc can answer. Never of SERVICE and TRANSACTION, which
// pass, nor of SHARE, which contacts nobody.
bool NeedsFacts(const config::v1::ContactRules& rules,
                identity::v1::ConsentPurpose purpose);

// Returns the time of the contact that is asked for.
absl::Time ContactTimeOf(const v1::MayContactRequest& request, absl::Time now);

// Returns the end of the quiet hours in which the channel is at this time.
std::optional<absl::Time> QuietUntilOf(const config::v1::Tenant& tenant,
                                       identity::v1::Channel channel,
                                       absl::Time time);

// Returns the keys of the phones that may be stale: those by which the
// customer's words allow the contact, and which were last sure before the
// tenant's months.
std::vector<std::string> PhonesInQuestion(const config::v1::Tenant& tenant,
                                          const v1::MayContactRequest& request,
                                          const v1::MayContactResponse& words,
                                          absl::Time now);

// What is known of a customer beside the customer's words.
struct KnownOfCustomer {
  interactions::v1::ContactFacts facts = {};
  // When phones in question were last used, by key.
  std::map<std::string, interactions::v1::LastUse> uses = {};
};

// Sets the reasons of an answer that has what the customer's words come to, and
// the answer accordingly: NO first, and a refusal before all.
void Conclude(const config::v1::Tenant& tenant,
              const v1::MayContactRequest& request,
              const KnownOfCustomer& known, absl::Time now,
              v1::MayContactResponse& answer);

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_CONTACTING_CONTACT_REASONS_H_
