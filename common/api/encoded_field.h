#ifndef KITH_COMMON_API_ENCODED_FIELD_H_
#define KITH_COMMON_API_ENCODED_FIELD_H_

#include <string>
#include <utility>

#include "google/protobuf/message.h"
#include "google/protobuf/unknown_field_set.h"

namespace kith::api {

// Adds a message, given as its encoding, to the repeated message field with
// this number. It saves decoding what is only passed on. `message` keeps it
// among its unknown fields, whose encoding is the same: whoever receives
// `message` has the field as if it had been added to it, while nobody can read
// the field from `message` itself.
inline void AddEncoded(int field_number, std::string encoded,
                       google::protobuf::Message& message) {
  *message.GetReflection()->MutableUnknownFields(&message)->AddLengthDelimited(
      field_number) = std::move(encoded);
}

}  // namespace kith::api

#endif  // KITH_COMMON_API_ENCODED_FIELD_H_
