#ifndef KITH_COMMON_TESTING_FROM_TEXT_H_
#define KITH_COMMON_TESTING_FROM_TEXT_H_

#include <string>

#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"

namespace kith::testing {

// Returns a message that is written as textproto. Expects that it is one:
// FromText<config::v1::ContactRules>("caps { count: 3 days: 7 }").
template <typename Message>
Message FromText(const std::string& text) {
  Message message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message))
      << text;
  return message;
}

}  // namespace kith::testing

#endif  // KITH_COMMON_TESTING_FROM_TEXT_H_
