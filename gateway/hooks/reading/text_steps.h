#ifndef KITH_GATEWAY_HOOKS_READING_TEXT_STEPS_H_
#define KITH_GATEWAY_HOOKS_READING_TEXT_STEPS_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "kith/config/v1/connectors.pb.h"

namespace kith::gateway {

// Returns the text after one step. A time without an offset is in `zone`, if
// the step names no other. INVALID_ARGUMENT, with the text, if it is no time of
// the wanted form.
absl::StatusOr<std::string> ApplyStep(const config::v1::TextStep& step,
                                      const std::string& text,
                                      absl::TimeZone zone);

// Returns a time as expressions write it: RFC 3339 in UTC.
std::string TimeText(absl::Time time);

// Returns the first `most` characters of a text in UTF-8.
std::string FirstCharacters(absl::string_view utf8, int most);

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_HOOKS_READING_TEXT_STEPS_H_
