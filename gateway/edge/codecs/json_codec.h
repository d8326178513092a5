#ifndef KITH_GATEWAY_EDGE_CODECS_JSON_CODEC_H_
#define KITH_GATEWAY_EDGE_CODECS_JSON_CODEC_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/util/type_resolver.h"

namespace kith::edge {

// Messages of one descriptor pool, as protobuf's JSON and as bytes. Field names
// are lowerCamelCase, fields with their default are left out, int64 are strings
// (protobuf.dev/programming-guides/json). Thread-safe.
class JsonCodec {
 public:
  // The pool must outlive the codec.
  explicit JsonCodec(const google::protobuf::DescriptorPool& pool);
  ~JsonCodec();

  // Returns a message of `type` as bytes, from its JSON. Takes field names in
  // lowerCamelCase and as in the proto; ignores fields that the type does not
  // have. INVALID_ARGUMENT if CheckJson or CheckForms fails, or a value does
  // not fit.
  absl::StatusOr<std::string> ToBytes(const google::protobuf::Descriptor& type,
                                      absl::string_view json) const;

  // Returns the JSON of a message of `type`. INTERNAL if the message has an Any
  // of a type that the pool does not have. Undefined text if `bytes` are no
  // message of this type, so ask only for what a service has sent.
  absl::StatusOr<std::string> ToJson(const google::protobuf::Descriptor& type,
                                     absl::string_view bytes) const;

 private:
  const std::unique_ptr<google::protobuf::util::TypeResolver> types_;
};

}  // namespace kith::edge

#endif  // KITH_GATEWAY_EDGE_CODECS_JSON_CODEC_H_
