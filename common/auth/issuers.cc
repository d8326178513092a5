#include "common/auth/issuers.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/auth/issuer_validation.h"
#include "common/auth/jwt/claims.h"
#include "common/auth/jwt/json_object.h"
#include "common/auth/jwt/jws.h"
#include "common/base/text_file.h"
#include "common/ops/log.h"
#include "common/ops/metrics.h"
#include "common/ops/refused_file.h"
#include "common/status/status_macros.h"

namespace kith::auth {
namespace {

using config::v1::Issuer;
using config::v1::IssuersFile;
using nlohmann::json;
using TenantPtr = std::shared_ptr<const config::v1::Tenant>;
using PrincipalPtr = std::shared_ptr<const base::Principal>;

constexpr char kEmail[] = "email";
constexpr char kSubject[] = "sub";

// Where a path of the file leads: from the folder that the file is in.
std::string PathFrom(const std::string& issuers_file, const std::string& path) {
  const size_t slash = issuers_file.rfind('/');
  if (absl::StartsWith(path, "/") || slash == std::string::npos) return path;
  return absl::StrCat(issuers_file.substr(0, slash + 1), path);
}

absl::StatusOr<std::shared_ptr<const jwt::JwkSet>> LoadJwks(
    const std::string& path) {
  KITH_ASSIGN_OR_RETURN(const std::string text, base::ReadFile(path));
  absl::StatusOr<jwt::JwkSet> keys = jwt::JwkSet::Parse(text);
  if (!keys.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat(path, ": ", keys.status().message()));
  }
  return std::make_shared<const jwt::JwkSet>(*std::move(keys));
}

prometheus::Counter& ReloadFailures(const Issuer& issuer) {
  return ops::Counter("kith_jwks_reload_failures_total",
                      "Changes of a JWKS file that were refused.",
                      {{"issuer", issuer.id()}});
}

void NoteKept(const Issuer& issuer, const absl::Status& fault) {
  ReloadFailures(issuer).Increment();
  ops::Log(ops::Severity::kError,
           "JWKS not read again, the last good keys stay in force",
           {{"issuer", issuer.id()}, {"fault", fault.message()}});
}

void NoteRefused(const std::string& issuer, absl::string_view reason) {
  ops::Counter("kith_tokens_refused_total",
               "Tokens (JWTs) that were refused, by reason.",
               {{"issuer", issuer}, {"reason", std::string(reason)}})
      .Increment();
  ops::Log(ops::Severity::kInfo, "token refused",
           {{"issuer", issuer}, {"reason", reason}});
}

const std::string& OrSubject(const std::string& claim) {
  static const auto& subject = *new std::string(kSubject);
  return claim.empty() ? subject : claim;
}

// The name of a person, whom the issuer must vouch for.
absl::StatusOr<std::string> PersonClaim(const json& claims,
                                        const std::string& claim) {
  if (claim == kEmail) {
    const auto verified = claims.find("email_verified");
    if (verified == claims.end() || *verified != true) {
      return jwt::RefusedError("claims");
    }
  }
  return jwt::NameClaim(claims, claim);
}

}  // namespace

struct Issuers::Trusted {
  Trusted(const Issuer& of, const Tenants& tenants,
          std::shared_ptr<const jwt::JwkSet> set)
      : issuer(of),
        audiences(of.audiences().begin(), of.audiences().end()),
        allowed_scopes(of.allowed_scopes().begin(), of.allowed_scopes().end()),
        keys(std::move(set)) {
    for (const config::v1::Role& role : of.roles()) {
      roles[role.name()] = {role.scopes().begin(), role.scopes().end()};
    }
    for (const std::string& slug : of.tenants()) {
      by_slug[slug] = tenants.Find(slug);
    }
    if (of.has_tenant_slug()) tenant = tenants.Find(of.tenant_slug());
  }

  absl::StatusOr<TenantPtr> TenantOf(const json& claims) const {
    if (tenant != nullptr) return tenant;
    const std::string* const slug =
        jwt::TextMember(claims, issuer.tenant_claim().c_str());
    const auto it = slug == nullptr ? by_slug.end() : by_slug.find(*slug);
    if (it == by_slug.end()) return jwt::RefusedError("tenant");
    return it->second;
  }

  absl::StatusOr<absl::flat_hash_set<std::string>> ScopesOf(
      const json& claims) const {
    absl::flat_hash_set<std::string> scopes;
    if (!issuer.scopes_claim().empty()) {
      KITH_ASSIGN_OR_RETURN(const auto claimed,
                            jwt::WordsClaim(claims, issuer.scopes_claim()));
      for (const std::string& scope : claimed) {
        if (allowed_scopes.contains(scope)) scopes.insert(scope);
      }
    }
    if (!issuer.roles_claim().empty()) {
      KITH_ASSIGN_OR_RETURN(const auto claimed,
                            jwt::WordsClaim(claims, issuer.roles_claim()));
      for (const std::string& role : claimed) {
        const auto it = roles.find(role);
        if (it == roles.end()) continue;
        scopes.insert(it->second.begin(), it->second.end());
      }
    }
    return scopes;
  }

  // Who calls, by claims that are valid until `end`.
  absl::StatusOr<PrincipalPtr> PrincipalOf(const json& claims,
                                           absl::Time end) const {
    auto principal = std::make_shared<base::Principal>();
    principal->key_id = issuer.id();
    principal->expire_time = end;
    KITH_ASSIGN_OR_RETURN(principal->tenant, TenantOf(claims));
    KITH_ASSIGN_OR_RETURN(principal->scopes, ScopesOf(claims));
    KITH_ASSIGN_OR_RETURN(
        principal->subject,
        PersonClaim(claims, OrSubject(issuer.person_claim())));
    KITH_ASSIGN_OR_RETURN(
        principal->person,
        PersonClaim(claims, issuer.name_claim().empty()
                                ? OrSubject(issuer.person_claim())
                                : issuer.name_claim()));
    principal->assurance = issuer.assurance();
    principal->limits = issuer.limits();
    return principal;
  }

  const Issuer issuer;
  const absl::flat_hash_set<std::string> audiences;
  const absl::flat_hash_set<std::string> allowed_scopes;
  const std::shared_ptr<const jwt::JwkSet> keys;
  absl::flat_hash_map<std::string, std::vector<std::string>> roles;
  absl::flat_hash_map<std::string, TenantPtr> by_slug;
  // Null if a claim says which it is.
  TenantPtr tenant;
};

absl::StatusOr<Issuers> Issuers::Make(const IssuersFile& file,
                                      const Tenants& tenants,
                                      const JwkSets& sets) {
  const std::vector<std::string> faults = FaultsOf(file, tenants);
  if (!faults.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat("issuers file: ", absl::StrJoin(faults, "; ")));
  }
  Issuers issuers;
  issuers.sets_ = sets;
  for (const Issuer& issuer : file.issuers()) {
    issuers.by_name_.emplace(issuer.issuer(),
                             std::make_shared<const Trusted>(
                                 issuer, tenants, sets.at(issuer.jwks_file())));
  }
  return issuers;
}

absl::StatusOr<Issuers> Issuers::Load(const std::string& issuers_file,
                                      const Tenants& tenants,
                                      const Issuers& last) {
  IssuersFile file;
  KITH_RETURN_IF_ERROR(base::ReadTextProto(issuers_file, file));
  JwkSets sets;
  for (const Issuer& issuer : file.issuers()) {
    ReloadFailures(issuer);
    const std::string path = PathFrom(issuers_file, issuer.jwks_file());
    auto read = LoadJwks(path);
    const auto before = last.sets_.find(issuer.jwks_file());
    ops::SetFileRefused(path, !read.ok() && before != last.sets_.end());
    if (read.ok()) {
      sets[issuer.jwks_file()] = *std::move(read);
    } else if (before != last.sets_.end()) {
      NoteKept(issuer, read.status());
      sets[issuer.jwks_file()] = before->second;
    } else {
      return read.status();
    }
  }
  for (const auto& [name, _] : last.sets_) {
    if (sets.contains(name)) continue;
    ops::SetFileRefused(PathFrom(issuers_file, name), /*refused=*/false);
  }
  return Make(file, tenants, sets);
}

std::vector<std::string> Issuers::JwksFiles(const std::string& issuers_file) {
  IssuersFile file;
  std::vector<std::string> paths;
  if (!base::ReadTextProto(issuers_file, file).ok()) return paths;
  for (const Issuer& issuer : file.issuers()) {
    paths.push_back(PathFrom(issuers_file, issuer.jwks_file()));
  }
  return paths;
}

bool Issuers::Has(absl::string_view id) const {
  return std::any_of(by_name_.begin(), by_name_.end(), [&](const auto& each) {
    return each.second->issuer.id() == id;
  });
}

absl::StatusOr<PrincipalPtr> Issuers::Read(absl::string_view token,
                                           absl::Time now,
                                           std::string& id) const {
  KITH_ASSIGN_OR_RETURN(const jwt::Jws jws, jwt::Jws::Parse(token));
  const std::string* const name = jwt::TextMember(jws.claims, "iss");
  const auto it = name == nullptr ? by_name_.end() : by_name_.find(*name);
  if (it == by_name_.end()) return jwt::RefusedError("issuer");
  const Trusted& trusted = *it->second;
  id = trusted.issuer.id();
  KITH_RETURN_IF_ERROR(jws.Verify(*trusted.keys));
  KITH_ASSIGN_OR_RETURN(const absl::Time end, jwt::CheckTimes(jws.claims, now));
  KITH_RETURN_IF_ERROR(jwt::CheckAudience(jws.claims, trusted.audiences));
  return trusted.PrincipalOf(jws.claims, end);
}

absl::StatusOr<PrincipalPtr> Issuers::Authenticate(absl::string_view token,
                                                   absl::Time now) const {
  std::string id;
  absl::StatusOr<PrincipalPtr> principal = Read(token, now, id);
  if (!principal.ok()) NoteRefused(id, principal.status().message());
  return principal;
}

}  // namespace kith::auth
