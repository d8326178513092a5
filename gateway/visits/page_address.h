#ifndef KITH_GATEWAY_VISITS_PAGE_ADDRESS_H_
#define KITH_GATEWAY_VISITS_PAGE_ADDRESS_H_

#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "gateway/edge/codecs/target.h"

namespace kith::gateway {

// The address of a web page, taken apart.
struct PageAddress {
  // In lower case, without "www." before it and the port behind it.
  std::string host = {};
  // As browsers send it: "https://shop.example.com:8443".
  std::string origin = {};
  // The origin and the path. What is behind a "?" or "#" may name a person, so
  // it is kept nowhere as a whole.
  std::string place = {};
  // The parameters behind the "?", decoded, each value cut to 500 characters. A
  // value that is not UTF-8 then stays as it was sent.
  edge::Query query = {};
};

// Reads an address of a page as browsers have it. Nothing if it is none of http
// or https, or has a user name in it. Takes what browsers leave unencoded in a
// query, such as "|".
std::optional<PageAddress> ReadAddress(absl::string_view text);

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_VISITS_PAGE_ADDRESS_H_
