#ifndef KITH_COMMON_BASE_TIMES_H_
#define KITH_COMMON_BASE_TIMES_H_

#include <cstdint>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "google/protobuf/timestamp.pb.h"
#include "google/type/date.pb.h"

namespace kith::base {

// Conversions between the three forms of a time: absl::Time in code, Timestamp
// in messages, microseconds since the epoch in tables. Fractions of a
// microsecond are cut off.

google::protobuf::Timestamp ToProto(absl::Time time);
google::protobuf::Timestamp ToProto(int64_t micros);
absl::Time FromProto(const google::protobuf::Timestamp& proto);
int64_t ToMicros(const google::protobuf::Timestamp& proto);

// Conversions between the two forms of a day. The year must fit into an int32.
google::type::Date ToProto(absl::CivilDay day);
absl::CivilDay FromProto(const google::type::Date& proto);

// Returns true if the message is a valid time between the years 1 and 9999.
bool IsValid(const google::protobuf::Timestamp& proto);

}  // namespace kith::base

#endif  // KITH_COMMON_BASE_TIMES_H_
