#include "contacts-svc/suggestions/placeholder_date.h"

#include <algorithm>
#include <iterator>

namespace kith::contacts {
namespace {

constexpr absl::CivilDay kZeros[] = {
    absl::CivilDay(1969, 12, 31),
    absl::CivilDay(1899, 12, 31),
    absl::CivilDay(1899, 12, 30),
};

constexpr absl::civil_year_t kFirstYear = 1800;

}  // namespace

bool IsPlaceholderBirthday(absl::CivilDay birthday, absl::CivilDay made) {
  return (birthday.month() == 1 && birthday.day() == 1) ||
         birthday.year() < kFirstYear || birthday >= made ||
         std::find(std::begin(kZeros), std::end(kZeros), birthday) !=
             std::end(kZeros);
}

}  // namespace kith::contacts
