#include "gateway/hooks/reading/charset.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"

namespace kith::gateway {
namespace {

// Those that Salesforce offers for its forms, and what browsers know beside
// them (https://encoding.spec.whatwg.org/#names-and-labels).
constexpr absl::string_view kOtherCharsets[] = {
    "big5",         "big5-hkscs",   "euc-jp",        "euc-kr",
    "gb18030",      "gb2312",       "gbk",           "hz-gb-2312",
    "ibm866",       "iso-2022-jp",  "iso-2022-kr",   "iso-8859-2",
    "iso-8859-3",   "iso-8859-4",   "iso-8859-5",    "iso-8859-6",
    "iso-8859-7",   "iso-8859-8",   "iso-8859-10",   "iso-8859-13",
    "iso-8859-14",  "iso-8859-15",  "iso-8859-16",   "koi8-r",
    "koi8-u",       "macintosh",    "shift-jis",     "shift_jis",
    "sjis",         "tis-620",      "utf-16",        "utf-16be",
    "utf-16le",     "utf-7",        "windows-1250",  "windows-1251",
    "windows-1253", "windows-1254", "windows-1255",  "windows-1256",
    "windows-1257", "windows-1258", "windows-31j",   "windows-874",
    "x-sjis",       "x-sjis_0213",  "ks_c_5601-1987"};

}  // namespace

absl::string_view OtherCharset(absl::string_view name) {
  name = absl::StripAsciiWhitespace(name);
  for (const absl::string_view charset : kOtherCharsets) {
    if (absl::EqualsIgnoreCase(name, charset)) return charset;
  }
  return "";
}

bool IsPlainAscii(absl::string_view bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](char c) {
    return absl::ascii_isprint(c) || c == '\t' || c == '\r' || c == '\n';
  });
}

}  // namespace kith::gateway
