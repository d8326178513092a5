// JSON of callers: the guard (gateway/edge/codecs/json_guard.h), and protobuf's
// reader behind it (json_codec.h), whose time must not depend on what it reads.

#include <time.h>

#include <string>

#include "absl/time/time.h"
#include "gateway/edge/codecs/json_codec.h"
#include "gateway/edge/codecs/json_guard.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/struct.pb.h"
#include "kith/gateway/v1/touch.pb.h"
#include "tests/fuzz/json_reader.h"
#include "tests/fuzz/property.h"
#include "tests/fuzz/targets.h"

namespace kith::fuzz {
namespace {

// A hundred times of what 4 KiB take, sanitizers included.
constexpr absl::Duration kMostReadingTime = absl::Seconds(1);

// Of this thread alone: other tests run beside.
absl::Duration ProcessorTime() {
  timespec time = {};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return absl::DurationFromTimespec(time);
}

void CheckMessage(const google::protobuf::Descriptor& type,
                  absl::string_view json) {
  static const auto& codec =
      *new edge::JsonCodec(*google::protobuf::DescriptorPool::generated_pool());
  const absl::Duration start = ProcessorTime();
  const auto bytes = codec.ToBytes(type, json);
  Require(ProcessorTime() - start < kMostReadingTime, "reading takes no time");
  if (!bytes.ok()) {
    Require(absl::IsInvalidArgument(bytes.status()), "one code for faults");
    return;
  }
  Require(IsJson(json, edge::kMaxJsonDepth), "only JSON gets to protobuf");
  const auto written = codec.ToJson(type, *bytes);
  if (!written.ok()) return;
  const auto again = codec.ToBytes(type, *written);
  Require(again.ok(), "what is written can be read");
  Require(*codec.ToJson(type, *again) == *written,
          "what is written and read is the same");
}

}  // namespace

void FuzzJson(absl::string_view input) {
  const bool good = edge::CheckJson(input).ok();
  const auto keys = edge::KeysOfJson(input);
  if (good) Require(IsJson(input, edge::kMaxJsonDepth), "it is JSON");
  if (keys.ok()) {
    Require(good, "only JSON has keys");
    for (const std::string& key : *keys) {
      Require(key.size() <= input.size(), "a key is in the text");
    }
  }
  CheckMessage(*google::protobuf::Struct::descriptor(), input);
  CheckMessage(*gateway::v1::RecordTouchRequest::descriptor(), input);
}

}  // namespace kith::fuzz
