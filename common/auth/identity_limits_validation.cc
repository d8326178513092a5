#include "common/auth/identity_limits_validation.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace kith::auth {
namespace {

constexpr int kMostNewValues = 500;
constexpr int kMostCompanions = 100;

void CheckLimit(absl::string_view field, int value, int least, int most,
                std::vector<std::string>& faults) {
  if (value >= least && value <= most) return;
  faults.push_back(absl::StrCat("identity_limits.", field, " ", value,
                                ", want ", least, " to ", most));
}

}  // namespace

std::vector<std::string> FaultsOf(const config::v1::IdentityLimits& limits) {
  std::vector<std::string> faults;
  if (limits.has_new_values_per_day()) {
    CheckLimit("new_values_per_day", limits.new_values_per_day(), 1,
               kMostNewValues, faults);
  }
  if (limits.has_companions_per_day()) {
    CheckLimit("companions_per_day", limits.companions_per_day(), 0,
               kMostCompanions, faults);
  }
  return faults;
}

}  // namespace kith::auth
