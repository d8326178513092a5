#include "common/auth/issuer_validation.h"

#include <algorithm>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "common/auth/credential_fields.h"
#include "common/auth/key_limiter.h"
#include "common/auth/scopes.h"

namespace kith::auth {
namespace {

using config::v1::Issuer;

constexpr int kMostIssuers = 100;

// The faults of one issuer.
class IssuerFaults {
 public:
  IssuerFaults(const Issuer& issuer, const Tenants& tenants,
               std::vector<std::string>& faults)
      : issuer_(issuer),
        tenants_(tenants),
        name_(absl::StrCat("issuer \"", issuer.id(), "\": ")),
        faults_(faults) {}

  void Find() {
    FindOfNames();
    FindOfTenants();
    FindOfScopes();
    if (issuer_.assurance() == config::v1::ASSURANCE_UNSPECIFIED) {
      Add("assurance is not set");
    }
    CheckLimits(issuer_.limits(), name_, faults_);
  }

 private:
  template <typename... Parts>
  void Add(const Parts&... parts) {
    faults_.push_back(absl::StrCat(name_, parts...));
  }

  void FindOfNames() {
    if (!IsCredentialId(issuer_.id())) Add("id, want [a-z0-9]{4,32}");
    if (issuer_.issuer().empty()) Add("issuer is empty, want the claim iss");
    if (issuer_.jwks_file().empty()) Add("jwks_file is not set");
    const auto& audiences = issuer_.audiences();
    if (audiences.empty() ||
        std::any_of(audiences.begin(), audiences.end(),
                    [](const std::string& each) { return each.empty(); })) {
      Add("audiences, want at least one, and none that is empty");
    }
  }

  void FindOfTenants() {
    if (issuer_.tenant_case() == Issuer::TENANT_NOT_SET) {
      Add("want tenant_slug or tenant_claim");
    } else if (issuer_.has_tenant_slug()) {
      FindOfTenant(issuer_.tenant_slug());
    } else if (issuer_.tenant_claim().empty() || issuer_.tenants().empty()) {
      Add("tenant_claim, want the name of a claim, and the tenants that it "
          "may hold");
    }
    if (issuer_.has_tenant_slug() && !issuer_.tenants().empty()) {
      Add("tenants, want none beside tenant_slug");
    }
    for (const std::string& slug : issuer_.tenants()) FindOfTenant(slug);
  }

  void FindOfTenant(const std::string& slug) {
    if (tenants_.Find(slug) != nullptr) return;
    Add("no tenant has the slug \"", slug, "\"");
  }

  void FindOfScopes() {
    const absl::flat_hash_set<std::string> allowed(
        issuer_.allowed_scopes().begin(), issuer_.allowed_scopes().end());
    if (allowed.empty()) Add("allowed_scopes, want at least one");
    for (const std::string& scope : issuer_.allowed_scopes()) {
      if (!IsScope(scope)) {
        Add("scope \"", scope, R"(", want one such as "contacts.read")");
      } else if (scope == kAllTenantsScope || scope == kAssertActorsScope) {
        Add("scope \"", scope, "\" is for API keys alone");
      }
    }
    if (issuer_.scopes_claim().empty() && issuer_.roles_claim().empty()) {
      Add("want scopes_claim or roles_claim: a token would have no scope");
    }
    if (issuer_.roles_claim().empty() != issuer_.roles().empty()) {
      Add("want both roles_claim and roles, or neither");
    }
    absl::flat_hash_set<std::string> names;
    for (const config::v1::Role& role : issuer_.roles()) {
      if (role.name().empty() || !names.insert(role.name()).second) {
        Add("role \"", role.name(), "\": the name is empty or used twice");
      }
      for (const std::string& scope : role.scopes()) {
        if (allowed.contains(scope)) continue;
        Add("role \"", role.name(), "\": scope \"", scope,
            "\" is not among the allowed_scopes");
      }
    }
  }

  const Issuer& issuer_;
  const Tenants& tenants_;
  const std::string name_;
  std::vector<std::string>& faults_;
};

}  // namespace

std::vector<std::string> FaultsOf(const config::v1::IssuersFile& file,
                                  const Tenants& tenants) {
  std::vector<std::string> faults;
  absl::flat_hash_set<std::string> ids;
  absl::flat_hash_set<std::string> names;
  if (file.issuers_size() > kMostIssuers) {
    faults.push_back(
        absl::StrCat(file.issuers_size(), " issuers, want at most 100"));
  }
  for (const Issuer& issuer : file.issuers()) {
    IssuerFaults(issuer, tenants, faults).Find();
    if (!ids.insert(issuer.id()).second) {
      faults.push_back(
          absl::StrCat("issuer \"", issuer.id(), "\": id is used twice"));
    }
    if (!names.insert(issuer.issuer()).second) {
      faults.push_back(
          absl::StrCat("issuer \"", issuer.id(), "\": issuer is used twice"));
    }
  }
  return faults;
}

}  // namespace kith::auth
