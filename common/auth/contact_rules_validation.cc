#include "common/auth/contact_rules_validation.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/api/violations.h"
#include "common/auth/business_hours.h"
#include "common/auth/quiet_hours.h"
#include "google/type/dayofweek.pb.h"

namespace kith::auth {
namespace {

using config::v1::ContactChannel;
using config::v1::ContactRules;
using config::v1::FrequencyCap;
using config::v1::QuietHours;

constexpr int kMostCaps = 20;
constexpr int kMostCapTopic = 100;
constexpr int kMostCapCount = 1'000;
constexpr int kMostQuietHours = 50;
constexpr int kMostReturnDays = 365;
constexpr int kMostStaleMonths = 120;

// Those of the windows that a summary keeps.
constexpr int kCapDays[] = {7, 30, 90};

// Finds the faults of one tenant's rules.
class ContactRulesFaults {
 public:
  explicit ContactRulesFaults(const ContactRules& rules) : rules_(rules) {}

  std::vector<std::string> Find() {
    CheckCount("caps", rules_.caps_size(), kMostCaps);
    for (int i = 0; i < rules_.caps_size(); ++i) {
      FindOfCap(absl::StrCat("caps[", i, "]."), rules_.caps(i));
    }
    const size_t of_caps = faults_.size();
    CheckCount("quiet_hours", rules_.quiet_hours_size(), kMostQuietHours);
    for (int i = 0; i < rules_.quiet_hours_size(); ++i) {
      FindOfHours(absl::StrCat("quiet_hours[", i, "]."), rules_.quiet_hours(i));
    }
    if (faults_.size() == of_caps) FindAlwaysQuiet();
    CheckRange("recent_return_days", rules_.recent_return_days(),
               kMostReturnDays);
    CheckRange("stale_phone_months", rules_.stale_phone_months(),
               kMostStaleMonths);
    return std::move(faults_);
  }

 private:
  template <typename... Parts>
  void Add(const Parts&... parts) {
    faults_.push_back(absl::StrCat("contact.", parts...));
  }

  void CheckCount(absl::string_view what, int count, int most) {
    if (count > most) Add(what, ", want at most ", most);
  }

  void CheckRange(absl::string_view field, int value, int most) {
    if (value < 0 || value > most) {
      Add(field, " ", value, ", want 0 to ", most);
    }
  }

  void FindOfCap(const std::string& name, const FrequencyCap& cap) {
    if (api::Characters(cap.topic()) > kMostCapTopic) {
      Add(name, "topic, want at most ", kMostCapTopic, " characters");
    }
    CheckRange(name + "count", cap.count(), kMostCapCount);
    if (std::find(std::begin(kCapDays), std::end(kCapDays), cap.days()) ==
        std::end(kCapDays)) {
      Add(name, "days ", cap.days(), ", want 7, 30 or 90");
    }
  }

  void FindOfHours(const std::string& name, const QuietHours& hours) {
    if (hours.channel() == config::v1::CONTACT_CHANNEL_UNSPECIFIED ||
        !config::v1::ContactChannel_IsValid(hours.channel())) {
      Add(name, "channel, want a channel");
    }
    for (const int day : hours.days()) {
      if (day >= google::type::MONDAY && day <= google::type::SUNDAY) continue;
      Add(name, "days, want days of the week");
    }
    const std::optional<int> begins = MinuteOfDay(hours.begins());
    // 24:00 is no beginning.
    if (begins.value_or(kMinutesOfDay) == kMinutesOfDay) {
      Add(name, "begins \"", hours.begins(), "\", want HH:MM, 00:00 to 23:59");
    }
    const std::optional<int> ends = MinuteOfDay(hours.ends());
    if (!ends.has_value() || ends == begins) {
      Add(name, "ends \"", hours.ends(),
          "\", want HH:MM, at most 24:00, and not that of begins");
    }
  }

  void FindAlwaysQuiet() {
    for (const ContactChannel channel :
         {config::v1::CONTACT_CHANNEL_PHONE, config::v1::CONTACT_CHANNEL_EMAIL,
          config::v1::CONTACT_CHANNEL_SOCIAL}) {
      if (!QuietWeekOf(rules_, channel).all()) continue;
      Add("quiet_hours: ",
          absl::StripPrefix(config::v1::ContactChannel_Name(channel),
                            "CONTACT_CHANNEL_"),
          " is always quiet, want a minute in the week");
    }
  }

  const ContactRules& rules_;
  std::vector<std::string> faults_;
};

}  // namespace

std::vector<std::string> FaultsOf(const ContactRules& rules) {
  return ContactRulesFaults(rules).Find();
}

}  // namespace kith::auth
