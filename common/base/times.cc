#include "common/base/times.h"

namespace kith::base {
namespace {

constexpr int64_t kFirstSecond = -62135596800;  // 0001-01-01T00:00:00Z
constexpr int64_t kLastSecond = 253402300799;   // 9999-12-31T23:59:59Z

}  // namespace

google::protobuf::Timestamp ToProto(absl::Time time) {
  return ToProto(absl::ToUnixMicros(time));
}

google::protobuf::Timestamp ToProto(int64_t micros) {
  const absl::Time time = absl::FromUnixMicros(micros);
  google::protobuf::Timestamp proto;
  proto.set_seconds(absl::ToUnixSeconds(time));
  proto.set_nanos(
      static_cast<int32_t>(1000 * (micros - 1'000'000 * proto.seconds())));
  return proto;
}

absl::Time FromProto(const google::protobuf::Timestamp& proto) {
  return absl::FromUnixMicros(ToMicros(proto));
}

int64_t ToMicros(const google::protobuf::Timestamp& proto) {
  return proto.seconds() * 1'000'000 + proto.nanos() / 1000;
}

google::type::Date ToProto(absl::CivilDay day) {
  google::type::Date proto;
  proto.set_year(static_cast<int32_t>(day.year()));
  proto.set_month(day.month());
  proto.set_day(day.day());
  return proto;
}

absl::CivilDay FromProto(const google::type::Date& proto) {
  return absl::CivilDay(proto.year(), proto.month(), proto.day());
}

bool IsValid(const google::protobuf::Timestamp& proto) {
  return proto.seconds() >= kFirstSecond && proto.seconds() <= kLastSecond &&
         proto.nanos() >= 0 && proto.nanos() < 1'000'000'000;
}

}  // namespace kith::base
