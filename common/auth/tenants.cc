#include "common/auth/tenants.h"

#include <algorithm>
#include <iterator>
#include <utility>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/civil_time.h"
#include "common/auth/action_rules_validation.h"
#include "common/auth/contact_rules_validation.h"
#include "common/auth/identity_limits_validation.h"
#include "common/auth/journal_rules_validation.h"
#include "common/auth/visit_rules_validation.h"
#include "common/base/text_file.h"
#include "common/status/status_macros.h"

namespace kith::auth {
namespace {

bool IsSlug(absl::string_view text) {
  return !text.empty() && text.size() <= 32 && absl::ascii_islower(text[0]) &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return absl::ascii_islower(c) || absl::ascii_isdigit(c) || c == '-';
         });
}

bool IsRegion(absl::string_view text) {
  return text.size() == 2 && absl::ascii_isupper(text[0]) &&
         absl::ascii_isupper(text[1]);
}

// The faults of the tenant's rules, each of which has a message of its own.
std::vector<std::string> FaultsOfRules(const config::v1::Tenant& tenant) {
  std::vector<std::string> faults = FaultsOf(tenant.actions());
  absl::c_move(FaultsOf(tenant.contact()), std::back_inserter(faults));
  absl::c_move(FaultsOf(tenant.identity_limits()), std::back_inserter(faults));
  if (tenant.has_visits()) {
    absl::c_move(FaultsOf(tenant.visits()), std::back_inserter(faults));
  }
  return faults;
}

}  // namespace

absl::StatusOr<Tenants> Tenants::Make(const config::v1::TenantsFile& file) {
  Tenants tenants;
  absl::flat_hash_set<uint64_t> ids;
  std::vector<std::string> faults;
  if (file.tenants().empty()) faults.emplace_back("no tenant");
  for (const config::v1::Tenant& tenant : file.tenants()) {
    const std::string name = absl::StrCat("tenant \"", tenant.slug(), "\"");
    absl::TimeZone zone;
    if (!IsSlug(tenant.slug())) {
      faults.push_back(absl::StrCat(name, ": slug, want [a-z][a-z0-9-]{0,31}"));
    }
    if (tenant.id() == 0 || !ids.insert(tenant.id()).second) {
      faults.push_back(absl::StrCat(name, ": id is 0 or used twice"));
    }
    if (!IsRegion(tenant.region())) {
      faults.push_back(absl::StrCat(name, ": region, want one such as \"US\""));
    }
    if (!absl::LoadTimeZone(tenant.time_zone(), &zone)) {
      faults.push_back(absl::StrCat(name, ": time_zone \"", tenant.time_zone(),
                                    "\" is not known here"));
    }
    if (tenant.placeholders_size() > 1000) {
      faults.push_back(absl::StrCat(name, ": more than 1,000 placeholders"));
    }
    for (const std::string& fault : FaultsOfRules(tenant)) {
      faults.push_back(absl::StrCat(name, ": ", fault));
    }
    for (const std::string& fault : FaultsOf(tenant.journal())) {
      faults.push_back(absl::StrCat(name, ": ", fault));
    }
    auto shared = std::make_shared<const config::v1::Tenant>(tenant);
    if (!tenants.by_slug_.emplace(tenant.slug(), std::move(shared)).second) {
      faults.push_back(absl::StrCat(name, ": slug is used twice"));
    }
  }
  if (!faults.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat("tenants file: ", absl::StrJoin(faults, "; ")));
  }
  return tenants;
}

absl::StatusOr<Tenants> Tenants::Load(const std::string& file) {
  config::v1::TenantsFile proto;
  KITH_RETURN_IF_ERROR(base::ReadTextProto(file, proto));
  return Make(proto);
}

std::shared_ptr<const config::v1::Tenant> Tenants::FindId(uint64_t id) const {
  for (const auto& [slug, tenant] : by_slug_) {
    if (tenant->id() == id) return tenant;
  }
  return nullptr;
}

std::vector<std::shared_ptr<const config::v1::Tenant>> Tenants::All() const {
  std::vector<std::shared_ptr<const config::v1::Tenant>> all;
  all.reserve(by_slug_.size());
  for (const auto& [slug, tenant] : by_slug_) all.push_back(tenant);
  return all;
}

std::shared_ptr<const config::v1::Tenant> Tenants::Find(
    absl::string_view slug) const {
  const auto it = by_slug_.find(slug);
  return it == by_slug_.end() ? nullptr : it->second;
}

absl::CivilDay CalendarDay(absl::Time time, const config::v1::Tenant& tenant) {
  absl::TimeZone zone;
  absl::LoadTimeZone(tenant.time_zone(), &zone);
  return absl::ToCivilDay(time, zone);
}

}  // namespace kith::auth
