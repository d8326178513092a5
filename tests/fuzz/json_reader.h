#ifndef KITH_TESTS_FUZZ_JSON_READER_H_
#define KITH_TESTS_FUZZ_JSON_READER_H_

#include "absl/strings/string_view.h"

namespace kith::fuzz {

// Returns true if `text` is one JSON value in UTF-8 (RFC 8259, section 2), with
// no more than `most_depth` objects and lists inside each other. Written from
// the grammar, to compare with what the guard lets through.
bool IsJson(absl::string_view text, int most_depth);

}  // namespace kith::fuzz

#endif  // KITH_TESTS_FUZZ_JSON_READER_H_
