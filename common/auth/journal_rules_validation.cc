#include "common/auth/journal_rules_validation.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace kith::auth {
namespace {

constexpr int kMostDoneDays = 90;
constexpr int kLeastFailedDays = 7;
constexpr int kMostFailedDays = 365;

void CheckDays(absl::string_view field, int days, int least, int most,
               std::vector<std::string>& faults) {
  if (days >= least && days <= most) return;
  faults.push_back(absl::StrCat("journal.", field, " ", days, ", want ", least,
                                " to ", most));
}

}  // namespace

std::vector<std::string> FaultsOf(const config::v1::JournalRules& rules) {
  std::vector<std::string> faults;
  if (rules.has_done_days()) {
    CheckDays("done_days", rules.done_days(), 1, kMostDoneDays, faults);
  }
  if (rules.has_failed_days()) {
    CheckDays("failed_days", rules.failed_days(), kLeastFailedDays,
              kMostFailedDays, faults);
  }
  return faults;
}

}  // namespace kith::auth
